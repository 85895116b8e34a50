//! Messages over a pair of byte streams, each behind its length: standard streams and TCP.

use std::io::{self, BufRead, Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{self, Receiver};
use std::thread;

use crate::{Progress, Pump};

/// The largest message that is read. Larger ones are skipped and answered with an error.
const MAX_MESSAGE: u64 = 256 << 20;

/// Serves one client over standard input and output; returns the exit code of the process.
///
/// # Errors
///
/// The client cannot be written to any more.
pub fn serve_stdio() -> io::Result<i32> {
    serve(io::BufReader::new(io::stdin()), io::stdout().lock())
}

/// Serves one client after the other on a loopback port; `0` lets the system choose one.
///
/// # Errors
///
/// The port is taken.
pub fn serve_tcp(port: u16) -> io::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", port))?;
    let mut stderr = io::stderr();
    writeln!(stderr, "listening on {}", listener.local_addr()?)?;
    for stream in listener.incoming() {
        let stream = stream?;
        // A client that went away is no reason to stop for the next one.
        if let Err(error) = serve(io::BufReader::new(stream.try_clone()?), stream) {
            writeln!(stderr, "connection lost: {error}")?;
        }
    }
    Ok(())
}

/// Runs a server for one client until it ends or its stream does.
fn serve(input: impl BufRead + Send + 'static, mut output: impl Write) -> io::Result<i32> {
    let arriving = read_all(input);
    let mut pump = Pump::new();
    let mut progress = Progress::Idle;
    loop {
        if progress == Progress::Idle {
            // Nothing to do: sleep until something arrives.
            let Ok(message) = arriving.recv() else {
                return Ok(1);
            };
            pump.receive(&message);
        }
        // All that has arrived comes before the next piece of work.
        while let Ok(message) = arriving.try_recv() {
            pump.receive(&message);
        }
        progress = pump.step();
        while let Some(message) = pump.next_outgoing() {
            write!(output, "Content-Length: {}\r\n\r\n{message}", message.len())?;
        }
        output.flush()?;
        if let Progress::Exited(code) = progress {
            return Ok(code);
        }
    }
}

/// Reads messages on a thread of their own, until the stream ends.
fn read_all(mut input: impl BufRead + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        while let Ok(Some(message)) = read_message(&mut input) {
            if sender.send(message).is_err() {
                break;
            }
        }
    });
    receiver
}

/// The next message, as text. One that is too large or no text becomes an empty one, which the
/// pump answers with an error. `None` at the end.
fn read_message(input: &mut impl BufRead) -> io::Result<Option<String>> {
    let Some(headers) = read_headers(input)? else {
        return Ok(None);
    };
    let length = headers.content_length.unwrap_or_default();
    if length > MAX_MESSAGE {
        io::copy(&mut input.take(length), &mut io::sink())?;
        return Ok(Some(String::new()));
    }
    let mut body = Vec::new();
    if input.take(length).read_to_end(&mut body)? < length as usize {
        return Ok(None);
    }
    Ok(Some(String::from_utf8(body).unwrap_or_default()))
}

/// What stands before a message.
struct Headers {
    content_length: Option<u64>,
}

/// Reads up to the empty line. `None` at the end.
fn read_headers(input: &mut impl BufRead) -> io::Result<Option<Headers>> {
    let mut headers = Headers {
        content_length: None,
    };
    loop {
        let mut line = Vec::new();
        // A header is short; without a limit a stream without line ends would fill the memory.
        if input.take(1 << 10).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim();
        if line.is_empty() {
            return Ok(Some(headers));
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            headers.content_length = value.trim().parse().ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_read_by_their_length() {
        check(
            "Content-Length: 2\r\n\r\n{}content-length:3\r\nOther: x\r\n\r\n[1]",
            &["{}", "[1]"],
        );
    }

    #[test]
    fn broken_headers_cost_one_message() {
        check(
            "Content-Length: x\r\n\r\nContent-Length: 2\r\n\r\n{}",
            &["", "{}"],
        );
        check("Content-Length: 1\r\n\r\n\u{e9}", &[""]);
    }

    #[test]
    fn cut_off_message_ends_the_stream() {
        check("Content-Length: 10\r\n\r\n{}", &[]);
        check("Content-Length: 10", &[]);
    }

    #[track_caller]
    fn check(stream: &str, expected: &[&str]) {
        let mut input = stream.as_bytes();
        let messages = std::iter::from_fn(|| read_message(&mut input).ok().flatten());
        assert_eq!(messages.take(4).collect::<Vec<_>>(), expected);
    }
}
