//! Reads YAML on standard input and prints each document as JSON, one a line, the way kubectl reads
//! it. What kubectl would refuse goes to standard error; the exit code is then 1.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command")]

use std::io::{self, Read};
use std::process::ExitCode;

use yaml_syntax::json;

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
    let mut code = ExitCode::SUCCESS;
    for document in parse.documents() {
        match json::document(document) {
            Ok(json) => println!("{}", json.value),
            Err(error) => {
                let at = parse.source().line_col(error.range.start());
                eprintln!("{}:{}: {}", at.line + 1, at.col + 1, error.message);
                code = ExitCode::FAILURE;
            }
        }
    }
    Ok(code)
}
