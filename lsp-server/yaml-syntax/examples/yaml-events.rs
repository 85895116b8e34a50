//! Reads YAML on standard input and prints its events in the notation of the YAML test suite.
//! Syntax errors go to standard error; the exit code is then 1.
#![expect(clippy::print_stdout, reason = "a command")]

use std::io::{self, Read};
use std::process::ExitCode;

use yaml_syntax::events;

fn main() -> io::Result<ExitCode> {
    let mut bytes = Vec::new();
    io::stdin().read_to_end(&mut bytes)?;
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            eprintln!("invalid UTF-8 at byte {}", error.utf8_error().valid_up_to());
            return Ok(ExitCode::FAILURE);
        }
    };
    let parse = yaml_syntax::parse(&text);
    for event in events::events(&parse) {
        println!("{event}");
    }
    for error in parse.errors() {
        let at = parse.source().line_col(error.range.start());
        eprintln!(
            "{}:{}: {}: {}",
            at.line + 1,
            at.col + 1,
            error.code,
            error.message
        );
    }
    Ok(if parse.is_valid() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
