//! Server-sent events, read from chunks that end anywhere.

/// One event.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    /// The last id that the stream named.
    pub(crate) id: String,
    pub(crate) data: String,
}

/// Puts events together from bytes as they come.
#[derive(Default)]
pub(crate) struct EventReader {
    /// A line that has not ended yet.
    rest: Vec<u8>,
    id: String,
    data: Vec<String>,
}

impl EventReader {
    /// Takes in bytes and returns the events that end in them.
    pub(crate) fn read(&mut self, bytes: &[u8]) -> Vec<Event> {
        let mut events = Vec::new();
        self.rest.extend_from_slice(bytes);
        while let Some(end) = self.rest.iter().position(|&byte| byte == b'\n') {
            let line: Vec<u8> = self.rest.drain(..=end).collect();
            let line = String::from_utf8_lossy(&line);
            events.extend(self.line(line.trim_end_matches(['\r', '\n'])));
        }
        events
    }

    fn line(&mut self, line: &str) -> Option<Event> {
        if line.is_empty() {
            let data = std::mem::take(&mut self.data).join("\n");
            let id = self.id.clone();
            return (!data.is_empty()).then_some(Event { id, data });
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => self.data.push(value.to_owned()),
            "id" => value.clone_into(&mut self.id),
            // Comments keep the connection open; nothing else is sent.
            _ => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: &str = "id: 1\ndata: one\n\n: still here\n\nid: 2\r\ndata: é\r\ndata: two\r\n\r\ndata:three\n\ndata: cut";

    #[test]
    fn events_are_put_together_whatever_the_chunks() {
        for size in 1..=STREAM.len() {
            let mut reader = EventReader::default();
            let chunks = STREAM.as_bytes().chunks(size);
            let events: Vec<Event> = chunks.flat_map(|chunk| reader.read(chunk)).collect();
            let shown: Vec<String> = events
                .iter()
                .map(|it| format!("{} {}", it.id, it.data))
                .collect();
            assert_eq!(
                shown,
                ["1 one", "2 é\ntwo", "2 three"],
                "in chunks of {size}"
            );
        }
    }
}
