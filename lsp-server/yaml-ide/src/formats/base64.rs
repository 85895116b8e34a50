//! The values of a `Secret`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The bytes that `text` stands for. Line ends in it are skipped, as the API server does.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let compact: String = text.chars().filter(|c| !matches!(c, '\n' | '\r')).collect();
    STANDARD.decode(compact).ok()
}

/// How `text` is written.
pub(crate) fn encode(text: &str) -> String {
    STANDARD.encode(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_and_alphabet_matter() {
        assert_eq!(decode("YWRtaW4="), Some(b"admin".to_vec()));
        assert_eq!(decode("YWRt\naW4="), Some(b"admin".to_vec()));
        assert_eq!(decode(""), Some(Vec::new()));
        assert_eq!(decode("YWRtaW4"), None);
        assert_eq!(decode("pass word"), None);
        assert_eq!(encode("admin"), "YWRtaW4=");
    }
}
