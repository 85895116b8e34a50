//! The server in a worker of a browser: `worker.js` passes the messages.

use js_sys::{Date, JSON};
use wasm_bindgen::prelude::*;

use crate::{Progress, Pump, Wanted};

/// The language server, as the worker's script sees it.
#[wasm_bindgen]
pub struct LanguageServer {
    pump: Pump,
}

#[wasm_bindgen]
impl LanguageServer {
    /// A server that waits for `initialize`.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        std::panic::set_hook(Box::new(|panic| report(&panic.to_string())));
        Self {
            pump: Pump::in_two_parts(|| Date::now() as i64),
        }
    }

    /// Takes in one JSON-RPC object.
    pub fn receive(&mut self, message: &JsValue) {
        let text = JSON::stringify(message)
            .ok()
            .and_then(|text| text.as_string());
        self.pump.receive(&text.unwrap_or_default());
    }

    /// Does the next piece of work; whether there may be more.
    pub fn step(&mut self) -> bool {
        self.pump.step() == Progress::Worked
    }

    /// Whether the second part of this program is to be loaded now; tells it once.
    pub fn wants_rest(&mut self) -> bool {
        self.pump.wants_rest()
    }

    /// Goes on with what waited for the second part.
    pub fn rest_has_come(&mut self) {
        self.pump.rest_has_come();
    }

    /// The address of a file that the server wants, or `undefined`.
    pub fn wanted(&mut self) -> Option<String> {
        loop {
            // Files and folders are for those who have them.
            if let Wanted::Asset(address) = self.pump.next_wanted()? {
                return Some(address);
            }
        }
    }

    /// Takes in a file that was wanted.
    pub fn supply(&mut self, address: &str, bytes: &[u8]) {
        self.pump.supply(address, Ok(bytes));
    }

    /// Takes note of why a file that was wanted is not there.
    pub fn supply_failed(&mut self, address: &str, reason: &str) {
        self.pump.supply(address, Err(reason));
    }

    /// The next JSON-RPC object for the page, or `undefined`.
    pub fn next(&mut self) -> JsValue {
        let message = self.pump.next_outgoing();
        message
            .and_then(|text| JSON::parse(&text).ok())
            .unwrap_or(JsValue::UNDEFINED)
    }
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console, js_name = error)]
    fn report(message: &str);
}
