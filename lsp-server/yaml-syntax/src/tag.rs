//! Tags: which are well-formed, and what they stand for.

use crate::error::Code;
use crate::tree::Handles;

/// What is wrong with a tag as written, given the handles its document declares.
pub(crate) fn problem(tag: &str, handles: &Handles) -> Option<Code> {
    if let Some(verbatim) = tag.strip_prefix("!<") {
        let uri = verbatim.strip_suffix('>');
        let is_valid = uri.is_some_and(|uri| uri.len() > 1 || (uri.len() == 1 && uri != "!"));
        return (!is_valid).then_some(Code::InvalidTag);
    }
    let (handle, suffix) = split(tag);
    if !suffix.bytes().all(is_tag_byte) || !escapes_are_whole(suffix) {
        return Some(Code::InvalidTag);
    }
    if handle.len() > 1 && suffix.is_empty() {
        return Some(Code::InvalidTag);
    }
    let is_known = handle == "!" || handle == "!!" || handles.contains(handle);
    (!is_known).then_some(Code::UnknownTagHandle)
}

/// Handle and suffix of a tag that is not verbatim.
pub(crate) fn split(tag: &str) -> (&str, &str) {
    let behind = tag
        .get(1..)
        .and_then(|rest| rest.find('!'))
        .map_or(1, |at| at + 2);
    tag.split_at_checked(behind).unwrap_or((tag, ""))
}

fn is_tag_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-#;/?:@&=+$_.~*'()%".contains(&byte) || !byte.is_ascii()
}

fn escapes_are_whole(suffix: &str) -> bool {
    let mut parts = suffix.split('%');
    parts.next();
    parts.all(|part| {
        let mut digits = part.bytes().take(2);
        let is_hex = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_hexdigit());
        is_hex(digits.next()) && is_hex(digits.next())
    })
}
