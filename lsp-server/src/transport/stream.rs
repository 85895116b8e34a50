//! Messages over a pair of byte streams, each behind its length: standard streams and TCP.

use std::io::{self, BufRead, Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::SystemTime;

use super::finder::Finder;
use crate::{Found, Progress, Pump};

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

/// What wakes the server.
enum Arrival {
    Message(String),
    Found(Found),
    /// The client's stream has ended.
    End,
}

/// Runs a server for one client until it ends or its stream does.
fn serve(input: impl BufRead + Send + 'static, mut output: impl Write) -> io::Result<i32> {
    let (sender, arriving) = mpsc::channel();
    read_all(input, sender.clone());
    let finder = Finder::start(move |found| sender.send(Arrival::Found(found)).is_ok());
    let mut pump = Pump::new(now);
    let mut progress = Progress::Idle;
    let mut has_ended = false;
    loop {
        // Nothing to do: sleep until something arrives.
        let first = match progress {
            Progress::Idle if has_ended => return Ok(1),
            Progress::Idle => arriving.recv().ok(),
            Progress::Worked | Progress::Exited(_) => None,
        };
        // All that has arrived comes before the next piece of work.
        for arrival in first.into_iter().chain(arriving.try_iter()) {
            match arrival {
                Arrival::Message(message) => pump.receive(&message),
                Arrival::Found(found) => pump.found(found),
                Arrival::End => has_ended = true,
            }
        }
        progress = pump.step();
        while let Some(wanted) = pump.next_wanted() {
            finder.want(wanted);
        }
        while let Some(message) = pump.next_outgoing() {
            write!(output, "Content-Length: {}\r\n\r\n{message}", message.len())?;
        }
        output.flush()?;
        if let Progress::Exited(code) = progress {
            return Ok(code);
        }
    }
}

/// Milliseconds since the start of 1970 in UTC.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| since.as_millis() as i64)
}

/// Reads messages on a thread of their own, until the stream ends.
fn read_all(mut input: impl BufRead + Send + 'static, arriving: Sender<Arrival>) {
    thread::spawn(move || {
        while let Ok(Some(message)) = read_message(&mut input) {
            if arriving.send(Arrival::Message(message)).is_err() {
                return;
            }
        }
        // Nobody is left to tell when the server has ended before.
        let _ = arriving.send(Arrival::End);
    });
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
        let Some(line) = read_line(input)? else {
            return Ok(None);
        };
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

/// The next line, as much of it as a header can have. `None` at the end.
fn read_line(input: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let mut more = Vec::new();
    // Without a limit a stream without line ends would fill the memory.
    let mut read = |part: &mut Vec<u8>| {
        part.clear();
        input.take(1 << 10).read_until(b'\n', part)
    };
    if read(&mut line)? == 0 {
        return Ok(None);
    }
    let mut is_open = line.last() != Some(&b'\n');
    while is_open && read(&mut more)? > 0 {
        is_open = more.last() != Some(&b'\n');
    }
    Ok(Some(line))
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
    fn garbage_before_a_message_costs_nothing_more() {
        check("\0garbage\n\nContent-Length: 2\r\n\r\n{}", &["", "{}"]);
        check(
            "Content-Length: -1\r\nContent-Length\r\n: 2\r\n\r\nContent-Length: 2\r\n\r\n{}",
            &["", "{}"],
        );
        let long = "x".repeat(1 << 12);
        check(&format!("{long}\r\nContent-Length: 2\r\n\r\n{{}}"), &["{}"]);
        check(&long, &[]);
    }

    #[test]
    fn message_of_any_length_takes_no_more_memory_than_it_has() {
        check(&format!("Content-Length: {}\r\n\r\n{{}}", u64::MAX), &[""]);
        check(&format!("Content-Length: {MAX_MESSAGE}\r\n\r\n{{}}"), &[]);
        check("Content-Length: 99999999999999999999\r\n\r\n", &[""]);

        let header = format!("Content-Length: {}\r\n\r\n", MAX_MESSAGE + 1);
        let body = io::repeat(b'x').take(MAX_MESSAGE + 1);
        let next = "Content-Length: 2\r\n\r\n{}";
        let stream = header.as_bytes().chain(body).chain(next.as_bytes());
        let mut input = io::BufReader::with_capacity(1 << 20, stream);
        let mut read = || read_message(&mut input).expect("a stream");
        assert_eq!(read().as_deref(), Some(""));
        assert_eq!(read().as_deref(), Some("{}"));
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
