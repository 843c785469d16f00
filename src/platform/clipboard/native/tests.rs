use std::sync::{
    Condvar,
    atomic::{AtomicUsize, Ordering},
};

use super::{
    super::{Cleared, system::System},
    *,
};

const LONG: Duration = Duration::from_secs(60);

/// A system that stores its text in a static, where the test can see it.
struct Stored(&'static Mutex<Option<String>>);

impl System for Stored {
    fn set(&mut self, text: &str, _: bool) -> Result<(), ClipboardError> {
        *self.0.lock().unwrap() = Some(text.to_owned());
        Ok(())
    }
    fn get(&mut self) -> Result<Option<Zeroizing<String>>, ClipboardError> {
        Ok(self.0.lock().unwrap().clone().map(Zeroizing::new))
    }
    fn clear(&mut self) {
        *self.0.lock().unwrap() = None;
    }
}

fn clipboard(opener: Opener) -> Native {
    Native::new(opener, LONG, LONG)
}

/// Copies the canary; the receiver gets the outcome.
fn lend(clipboard: &Native) -> (SecretCopy, Receiver<Cleared>) {
    let (send, cleared) = channel();
    let copy = clipboard.copy_secret(&Secret::new("canary"), Box::new(move |what| send.send(what).unwrap())).unwrap();
    (copy, cleared)
}

#[test]
fn a_copy_that_is_read_back_is_checked_and_can_be_pasted() {
    static TEXT: Mutex<Option<String>> = Mutex::new(None);
    let clipboard = clipboard(|| Ok(Box::new(Stored(&TEXT))));
    assert_eq!(clipboard.read(), Err(ClipboardError::NoText));
    assert_eq!(clipboard.copy("{}"), Ok(true));
    assert_eq!(**clipboard.read().unwrap(), *"{}");
}

#[test]
fn a_copy_that_something_else_overwrites_is_not_called_checked() {
    struct Deaf;
    impl System for Deaf {
        fn set(&mut self, _: &str, _: bool) -> Result<(), ClipboardError> {
            Ok(())
        }
        fn get(&mut self) -> Result<Option<Zeroizing<String>>, ClipboardError> {
            Ok(Some(Zeroizing::new("something else".to_owned())))
        }
        fn clear(&mut self) {}
    }
    assert_eq!(clipboard(|| Ok(Box::new(Deaf))).copy("{}"), Ok(false));
}

#[test]
fn a_clipboard_that_never_answers_times_out_and_later_requests_fail_at_once() {
    static OPENED: AtomicUsize = AtomicUsize::new(0);
    static GATE: (Mutex<bool>, Condvar) = (Mutex::new(false), Condvar::new());
    let opener: Opener = || {
        OPENED.fetch_add(1, Ordering::SeqCst);
        let shut = GATE.0.lock().unwrap();
        drop(GATE.1.wait_while(shut, |open| !*open).unwrap());
        Err(ClipboardError::Unreachable)
    };
    let clipboard = Native::new(opener, Duration::from_millis(20), LONG);
    assert_eq!(clipboard.copy("a"), Err(ClipboardError::NoAnswer));
    assert_eq!(clipboard.copy("b"), Err(ClipboardError::Busy));
    assert_eq!(OPENED.load(Ordering::SeqCst), 1);
    *GATE.0.lock().unwrap() = true;
    GATE.1.notify_all();
}

#[test]
fn a_clipboard_that_failed_is_opened_again_by_the_next_copy() {
    static OPENED: AtomicUsize = AtomicUsize::new(0);
    static TEXT: Mutex<Option<String>> = Mutex::new(None);
    let clipboard = clipboard(|| match OPENED.fetch_add(1, Ordering::SeqCst) {
        0 => panic!("a library that gives up"),
        _ => Ok(Box::new(Stored(&TEXT))),
    });
    assert_eq!(clipboard.copy("a"), Err(ClipboardError::Failed));
    assert_eq!(clipboard.copy("a"), Ok(true));
}

#[test]
fn a_copy_that_timed_out_does_not_happen_later() {
    static GATE: (Mutex<bool>, Condvar) = (Mutex::new(false), Condvar::new());
    static TEXT: Mutex<Option<String>> = Mutex::new(None);
    let opener: Opener = || {
        let shut = GATE.0.lock().unwrap();
        drop(GATE.1.wait_while(shut, |open| !*open).unwrap());
        Ok(Box::new(Stored(&TEXT)))
    };
    let mut clipboard = Native::new(opener, Duration::from_millis(20), LONG);
    assert_eq!(clipboard.copy_secret(&Secret::new("canary"), Box::new(|_| ())), Err(ClipboardError::NoAnswer));
    let overdue = clipboard.line.lock().unwrap().as_mut().and_then(|line| line.overdue.take());
    *GATE.0.lock().unwrap() = true;
    GATE.1.notify_all();
    assert!(matches!(overdue.unwrap().recv_timeout(LONG), Ok(Answer::Failed(_))));
    assert_eq!(*TEXT.lock().unwrap(), None);
    clipboard.deadline = LONG;
    assert_eq!(clipboard.copy("{}"), Ok(true));
}

#[test]
fn at_the_end_a_secret_is_cleared_but_not_what_was_copied_after_it() {
    static TEXT: Mutex<Option<String>> = Mutex::new(None);
    let clipboard = clipboard(|| Ok(Box::new(Stored(&TEXT))));
    let (_, cleared) = lend(&clipboard);
    clipboard.close();
    assert_eq!(*TEXT.lock().unwrap(), None);
    assert_eq!(cleared.recv_timeout(LONG), Ok(Cleared::Removed));

    let (_, cleared) = lend(&clipboard);
    *TEXT.lock().unwrap() = Some("copied elsewhere".to_owned());
    clipboard.close();
    assert_eq!(TEXT.lock().unwrap().as_deref(), Some("copied elsewhere"));
    assert_eq!(cleared.recv_timeout(LONG), Ok(Cleared::Replaced));
}

#[test]
fn a_secret_that_another_copy_replaces_is_no_longer_counted_down() {
    static TEXT: Mutex<Option<String>> = Mutex::new(None);
    let clipboard = clipboard(|| Ok(Box::new(Stored(&TEXT))));
    let (copy, cleared) = lend(&clipboard);
    assert!(copy.checked && copy.lasts <= LONG);
    assert_eq!(clipboard.copy("{}"), Ok(true));
    assert_eq!(cleared.recv_timeout(LONG), Ok(Cleared::Replaced));
    clipboard.close();
    assert_eq!(TEXT.lock().unwrap().as_deref(), Some("{}"));
}

#[test]
fn before_a_pause_a_secret_is_cleared_but_other_text_stays() {
    static TEXT: Mutex<Option<String>> = Mutex::new(None);
    let clipboard = clipboard(|| Ok(Box::new(Stored(&TEXT))));
    let (_, cleared) = lend(&clipboard);
    clipboard.forget_secret();
    assert_eq!(cleared.recv_timeout(LONG), Ok(Cleared::Removed));
    assert_eq!(*TEXT.lock().unwrap(), None);
    assert_eq!(clipboard.copy("{}"), Ok(true));
    clipboard.forget_secret();
    assert_eq!(TEXT.lock().unwrap().as_deref(), Some("{}"));
}

#[test]
fn a_secret_is_cleared_when_its_time_is_over() {
    static TEXT: Mutex<Option<String>> = Mutex::new(None);
    let clipboard = Native::new(|| Ok(Box::new(Stored(&TEXT))), LONG, Duration::ZERO);
    let (_, cleared) = lend(&clipboard);
    assert_eq!(cleared.recv_timeout(LONG), Ok(Cleared::Removed));
    assert_eq!(*TEXT.lock().unwrap(), None);
}

#[test]
fn a_clipboard_that_cannot_be_cleared_or_read_is_not_called_empty() {
    struct Stuck;
    impl System for Stuck {
        fn set(&mut self, _: &str, secret: bool) -> Result<(), ClipboardError> {
            assert!(secret);
            Ok(())
        }
        fn get(&mut self) -> Result<Option<Zeroizing<String>>, ClipboardError> {
            Ok(Some(Zeroizing::new("canary".to_owned())))
        }
        fn clear(&mut self) {}
    }
    struct Mute;
    impl System for Mute {
        fn set(&mut self, _: &str, _: bool) -> Result<(), ClipboardError> {
            Ok(())
        }
        fn get(&mut self) -> Result<Option<Zeroizing<String>>, ClipboardError> {
            Err(ClipboardError::Unreachable)
        }
        fn clear(&mut self) {}
    }
    let openers: [Opener; 2] = [|| Ok(Box::new(Stuck)), || Ok(Box::new(Mute))];
    for opener in openers {
        let clipboard = clipboard(opener);
        let (_, cleared) = lend(&clipboard);
        clipboard.close();
        assert_eq!(cleared.recv_timeout(LONG), Ok(Cleared::Unknown));
    }
}
