//! Tests of what a command writes.

use super::*;

#[test]
fn a_pipe_that_nobody_reads_is_no_error_in_any_of_its_forms() {
    for error in [io::Error::from(ErrorKind::BrokenPipe), io::Error::from_raw_os_error(233)] {
        assert!(reader_is_gone(&error), "{error}");
    }
    assert!(!reader_is_gone(&io::Error::from(ErrorKind::StorageFull)));
}

/// A stream that fails in one way.
struct Failing(ErrorKind);

impl Write for Failing {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(self.0.into())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_closed_pipe_is_not_an_error() {
    let (mut gone, mut messages) = (Failing(ErrorKind::BrokenPipe), Vec::new());
    let mut output = Output::new(&mut gone, &mut messages, true, Words::default());
    assert_eq!(output.line("a"), Ok(()));
    assert_eq!(output.line("b"), Ok(()));
}

#[test]
fn what_has_to_arrive_does_not_vanish_in_a_closed_pipe() {
    let (mut gone, mut messages) = (Failing(ErrorKind::BrokenPipe), Vec::new());
    assert!(Output::new(&mut gone, &mut messages, true, Words::default()).delivered(b"a").is_err());
    // It does not matter whether anybody reads the messages.
    let (mut results, mut gone) = (Vec::new(), Failing(ErrorKind::BrokenPipe));
    let mut output = Output::new(&mut results, &mut gone, true, Words::default());
    output.set_aside();
    assert_eq!((output.line("a"), output.delivered(b"key")), (Ok(()), Ok(())));
    assert_eq!(results, b"key");
}

#[test]
fn a_full_disk_is_a_failure_of_the_program() {
    let (mut full, mut messages) = (Failing(ErrorKind::StorageFull), Vec::new());
    let problem = Output::new(&mut full, &mut messages, true, Words::default()).line("a").unwrap_err();
    assert_eq!(Status::from(problem.kind).code(), 1);
}

#[test]
fn columns_line_up_whatever_the_width_of_the_characters() {
    let mut results = Vec::new();
    let mut messages = Vec::new();
    let rows = [("名前", "a".to_owned()), ("e\u{301}t", "b".to_owned()), ("label", "c".to_owned())];
    Output::new(&mut results, &mut messages, true, Words::default()).rows(&rows).unwrap();
    let text = String::from_utf8(results).unwrap();
    let columns: Vec<usize> = text.lines().map(|line| line[..line.len() - 1].width()).collect();
    assert_eq!(columns, [7, 7, 7]);
}

#[test]
fn no_line_of_an_entry_is_wider_than_the_page() {
    let mut results = Vec::new();
    let mut messages = Vec::new();
    let mut output = Output::new(&mut results, &mut messages, true, Words::default());
    output.entry(2, "名前", 6, &"word ".repeat(30)).unwrap();
    output.entry(2, "a longer name", 6, "text").unwrap();
    let text = String::from_utf8(results).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.iter().all(|line| line.width() <= 80), "{text}");
    assert!(lines[0].starts_with("  名前    word") && lines[1].starts_with("          word"), "{text}");
    assert_eq!(lines[lines.len() - 2..], ["  a longer name", "          text"]);
}

#[test]
fn on_a_terminal_no_heading_item_or_message_is_wider_than_it() {
    let (mut results, mut messages) = (Vec::new(), Vec::new());
    let page = Page { columns: Some(40), ..Page::default() };
    let long = "word ".repeat(30);
    let mut output = Output::new(&mut results, &mut messages, true, Words::default()).on(page, page);
    output.heading(&long).unwrap();
    output.item("  + ", &long).unwrap();
    output.judged(Some(Severity::Warning), "名前", 6, &long).unwrap();
    output.message(format!("  {long}"));
    output.whole_line(&long);
    let (results, messages) = (String::from_utf8(results).unwrap(), String::from_utf8(messages).unwrap());
    assert!(results.lines().all(|line| line.width() <= 40), "{results}");
    let (whole, broken): (Vec<&str>, Vec<&str>) = messages.lines().partition(|line| line.width() > 40);
    assert_eq!(whole, [long.as_str()], "a command is copied as one line");
    assert!(broken.iter().all(|line| line.starts_with("  word")), "{messages}");
}
