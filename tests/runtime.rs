//! The loop in memory: a test terminal, effects that are only recorded, and time controlled by the tests.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{cell::RefCell, future::pending, io, rc::Rc, sync::Arc, time::Duration};

use cpikey::{
    app::{App, Window},
    domain::{check::CheckEvent, theme::ThemeChoice},
    model::{
        Copyable, Effect, Exit, JobEvent, JobId, Msg, Pasted, Surroundings,
        msg::{CopyOutcome, EarlierProgress},
        saved::Listing,
    },
    runtime::{
        clock::Clock,
        event_loop::{self, Appearance, EffectHandler, End, Inbox},
        signals::Control,
        surface::Surface,
    },
    ui::{Palette, Theme},
    words::Words,
};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::tz::TimeZone;
use ratatui::{Frame, Terminal, backend::TestBackend};
use tokio::sync::mpsc::UnboundedSender;

/// The effects, in order.
#[derive(Clone, Debug, Default)]
struct Notes(Rc<RefCell<Vec<String>>>);

impl Notes {
    fn add(&self, note: impl Into<String>) -> io::Result<()> {
        self.0.borrow_mut().push(note.into());
        Ok(())
    }

    fn all(&self) -> Vec<String> {
        self.0.borrow().clone()
    }

    fn frames(&self) -> usize {
        self.0.borrow().iter().filter(|note| *note == "frame").count()
    }
}

struct TestSurface {
    terminal: Terminal<TestBackend>,
    notes: Notes,
    picture: Rc<RefCell<String>>,
    window: Rc<RefCell<Window>>,
}

impl Surface for TestSurface {
    fn draw(&mut self, paint: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        self.terminal.draw(paint).unwrap();
        *self.picture.borrow_mut() = self.terminal.backend().to_string();
        self.notes.add("frame")
    }
    fn fits(&mut self) -> io::Result<bool> {
        Ok(self.terminal.current_buffer_mut().area.as_size() == self.terminal.size().unwrap())
    }
    fn redraw(&mut self) -> io::Result<()> {
        self.notes.add("redraw")
    }
    fn show_plain(&mut self, _: &str) -> io::Result<()> {
        self.notes.add("show plain")
    }
    fn hide_plain(&mut self) -> io::Result<()> {
        self.notes.add("hide plain")
    }
    fn send(&mut self, sequence: &str) -> io::Result<bool> {
        self.notes.add(format!("send {sequence}"))?;
        Ok(true)
    }
    fn announce(&mut self, window: Window) -> io::Result<()> {
        *self.window.borrow_mut() = window;
        Ok(())
    }
    fn mouse(&mut self, on: bool) -> io::Result<()> {
        self.notes.add(format!("mouse {on}"))
    }
    fn suspend(&mut self) -> io::Result<()> {
        self.notes.add("suspend")
    }
    fn resumed(&mut self) -> io::Result<()> {
        self.notes.add("resumed")
    }
}

struct NotedEffects(Notes);

impl EffectHandler for NotedEffects {
    fn started(&mut self) -> io::Result<()> {
        self.0.add("started")
    }
    fn perform(&mut self, effect: Effect) -> io::Result<()> {
        self.0.add(match effect {
            Effect::Copy { text: Copyable::Public(_), .. } => "copy".to_owned(),
            effect => format!("{effect:?}"),
        })
    }
    fn pause(&mut self) {
        let _ = self.0.add("pause");
    }
    async fn supervise(&mut self) {
        pending().await
    }
}

/// A running loop.
struct Wizard {
    messages: UnboundedSender<Vec<Msg>>,
    control: UnboundedSender<Control>,
    notes: Notes,
    picture: Rc<RefCell<String>>,
    window: Rc<RefCell<Window>>,
    end: tokio::task::JoinHandle<io::Result<End>>,
}

impl Wizard {
    fn start() -> Self {
        let content = Arc::new(cpikey::content::load());
        let notes = Notes::default();
        let picture = Rc::default();
        let window = Rc::default();
        let mut surface = TestSurface {
            terminal: Terminal::new(TestBackend::new(80, 24)).unwrap(),
            notes: notes.clone(),
            picture: Rc::clone(&picture),
            window: Rc::clone(&window),
        };
        let mut effects = NotedEffects(notes.clone());
        let (messages, received) = tokio::sync::mpsc::unbounded_channel();
        let (mut inbox, control) = Inbox::new(received);
        let end = tokio::task::spawn_local(async move {
            let mut app = App::new(content, Surroundings::default());
            let theme = |choice, _| Theme::new(Palette::Mono, choice != ThemeChoice::Contrast);
            let appearance = Appearance { theme: &theme, background: None, asks: false };
            let clock = Clock::with_wall(|| jiff::Timestamp::UNIX_EPOCH);
            event_loop::run(&mut app, appearance, &mut surface, &mut effects, &mut inbox, clock).await
        });
        Self { messages, control, notes, picture, window, end }
    }

    /// Sends messages as one batch and runs the loop until it waits again.
    async fn send(&self, parcel: Vec<Msg>) {
        self.messages.send(parcel).unwrap();
        self.settle().await;
    }

    /// Advances the paused clock by more than the gaps in a burst, and by less than any other timeout.
    async fn settle(&self) {
        tokio::time::sleep(Duration::from_millis(30)).await;
    }

    async fn keys(&self, text: &str) {
        self.send(text.chars().map(|c| key(KeyCode::Char(c))).collect()).await;
    }
}

fn key(code: KeyCode) -> Msg {
    Msg::Key(KeyEvent::from(code))
}

fn ctrl(c: char) -> Msg {
    Msg::Key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::CONTROL))
}

/// Runs a test on one thread with paused time.
fn with_paused_time(test: impl AsyncFnOnce()) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    tokio::task::LocalSet::new().block_on(&runtime, test());
}

#[test]
fn nothing_is_started_before_the_first_frame_is_drawn() {
    with_paused_time(async || {
        let wizard = Wizard::start();
        wizard.settle().await;
        assert_eq!(wizard.notes.all(), ["frame", "started"]);
        assert!(wizard.picture.borrow().contains("What will use the key?"));
    });
}

#[test]
fn another_theme_is_drawn_with_at_once() {
    with_paused_time(async || {
        let wizard = Wizard::start();
        wizard.settle().await;
        assert!(!wizard.picture.borrow().is_ascii());
        wizard.send(vec![ctrl('p')]).await;
        for c in "theme contrast".chars() {
            wizard.send(vec![key(KeyCode::Char(c))]).await;
        }
        wizard.send(vec![key(KeyCode::Enter)]).await;
        assert!(wizard.picture.borrow().is_ascii(), "{}", wizard.picture.borrow());
    });
}

#[test]
fn many_messages_at_once_are_one_picture() {
    with_paused_time(async || {
        let wizard = Wizard::start();
        wizard.settle().await;
        wizard.send((0..100).map(|_| key(KeyCode::Down)).collect()).await;
        assert_eq!(wizard.notes.frames(), 2);
        wizard.send(vec![key(KeyCode::Up)]).await;
        assert_eq!(wizard.notes.frames(), 3);
    });
}

#[test]
fn while_nothing_moves_the_loop_sleeps() {
    with_paused_time(async || {
        let wizard = Wizard::start();
        wizard.settle().await;
        tokio::time::sleep(Duration::from_secs(24 * 3600)).await;
        assert_eq!(wizard.notes.frames(), 1);
    });
}

#[test]
fn what_comes_after_every_start_is_drawn_only_if_it_changes_the_picture() {
    let earlier = |set_aside: Option<&str>| {
        let set_aside = set_aside.map(str::to_owned);
        Msg::Progress(Box::new(EarlierProgress { found: Ok(None), set_aside, zone: TimeZone::UTC }))
    };
    let nothing = [Msg::Systems(Ok(Listing::default())), Msg::Resize, earlier(None)];
    with_paused_time(async || {
        let wizard = Wizard::start();
        wizard.settle().await;
        for msg in nothing.clone() {
            wizard.send(vec![msg]).await;
        }
        wizard.send(nothing.to_vec()).await;
        assert_eq!(wizard.notes.frames(), 1);
        let moved = Listing { set_aside: vec!["One file is damaged.".to_owned()], ..Listing::default() };
        wizard.send(vec![Msg::Systems(Ok(moved))]).await;
        assert!(wizard.picture.borrow().contains("One file is damaged."));
        wizard.send(vec![Msg::Resize, earlier(Some("Another is too."))]).await;
        assert!(wizard.picture.borrow().contains("Another is too."));
        // A question that was open at the time is still drawn.
        wizard.send(vec![ctrl('p')]).await;
        let frames = wizard.notes.frames();
        wizard.send(vec![earlier(None)]).await;
        assert_eq!(wizard.notes.frames(), frames + 1);
    });
}

#[test]
fn a_burst_of_typed_keys_is_text_even_when_it_arrives_in_parts() {
    with_paused_time(async || {
        let wizard = Wizard::start();
        wizard.settle().await;
        let parts = ["{ \"a\": ", "\"qqqq\",\n", " \"q\": 1 }"];
        for part in parts {
            wizard.messages.send(part.chars().map(|c| key(KeyCode::Char(c))).collect()).unwrap();
        }
        wizard.settle().await;
        assert!(!wizard.end.is_finished(), "a q inside the burst ended the wizard");
        assert_eq!(wizard.notes.frames(), 2);
        // Alone, and after the quiet time that follows a paste, it is a command.
        tokio::time::sleep(Duration::from_secs(1)).await;
        wizard.keys("q").await;
        assert_eq!(wizard.end.await.unwrap().unwrap(), End::Exit(Exit::Left(0)));
    });
}

#[test]
fn an_answer_of_another_run_changes_nothing() {
    with_paused_time(async || {
        let wizard = Wizard::start();
        wizard.settle().await;
        let before = wizard.picture.borrow().clone();
        wizard.send(vec![Msg::Job(JobId(99), JobEvent::Test(CheckEvent::Done))]).await;
        assert_eq!(*wizard.picture.borrow(), before);
        assert!(!wizard.end.is_finished());
    });
}

#[test]
fn nothing_is_drawn_over_the_plain_view() {
    with_paused_time(async || {
        let wizard = Wizard::start();
        wizard.settle().await;
        wizard.keys("p").await;
        wizard.send(vec![Msg::Resize]).await;
        wizard.send(vec![Msg::Copied("it".to_owned(), CopyOutcome::Checked)]).await;
        assert_eq!(wizard.notes.all(), ["frame", "started", "show plain"]);
        wizard.send(vec![key(KeyCode::Enter)]).await;
        assert_eq!(wizard.notes.all()[3..], ["hide plain", "frame"]);
    });
}

#[test]
fn a_copy_that_the_terminal_is_asked_for_is_sent_between_two_pictures_and_not_called_copied() {
    with_paused_time(async || {
        let wizard = Wizard::start();
        wizard.settle().await;
        wizard.send(vec![Msg::CopyByTerminal("it".to_owned(), "sequence".to_owned())]).await;
        assert_eq!(wizard.notes.all()[2..], ["send sequence", "frame"]);
        let said = Words::default().app().sent_to_terminal("it");
        // The message may be wrapped.
        let beginning: String = said.chars().take(20).collect();
        assert!(wizard.picture.borrow().contains(&beginning));
    });
}

#[test]
fn while_a_secret_is_in_the_clipboard_there_is_one_picture_a_second_and_none_after() {
    with_paused_time(async || {
        let wizard = Wizard::start();
        wizard.settle().await;
        let lent = CopyOutcome::SecretLent { checked: true, lasts: Duration::from_secs(5) };
        wizard.send(vec![Msg::Copied("it".to_owned(), lent)]).await;
        let before = wizard.notes.frames();
        tokio::time::sleep(Duration::from_secs(3600)).await;
        assert_eq!(wizard.notes.frames(), before + 5);
    });
}

#[test]
fn a_paste_reaches_the_app_whole_and_is_no_command() {
    with_paused_time(async || {
        let wizard = Wizard::start();
        wizard.settle().await;
        wizard.send(vec![Msg::Paste(Pasted::new("q\r"))]).await;
        assert!(!wizard.end.is_finished());
    });
}

#[test]
fn the_window_says_the_step_that_is_on_the_screen() {
    with_paused_time(async || {
        let wizard = Wizard::start();
        wizard.settle().await;
        assert_eq!(wizard.window.borrow().title, "Purpose - cpikey");
        wizard.send(vec![key(KeyCode::Enter)]).await;
        assert_eq!(*wizard.window.borrow(), Window { title: "Plan - cpikey".to_owned(), progress: None });
    });
}

#[test]
fn redraw_and_suspend_go_to_the_screen_and_end_in_a_picture() {
    with_paused_time(async || {
        let wizard = Wizard::start();
        wizard.settle().await;
        wizard.send(vec![ctrl('l')]).await;
        wizard.send(vec![ctrl('z')]).await;
        wizard.control.send(Control::Continued).unwrap();
        wizard.settle().await;
        assert_eq!(wizard.notes.all()[2..], ["redraw", "frame", "pause", "suspend", "frame", "resumed", "frame"]);
    });
}

#[test]
fn a_signal_ends_the_loop_even_in_the_middle_of_a_burst() {
    with_paused_time(async || {
        let wizard = Wizard::start();
        wizard.settle().await;
        wizard.messages.send("{ never ending ".chars().map(|c| key(KeyCode::Char(c))).collect()).unwrap();
        wizard.control.send(Control::End(15)).unwrap();
        assert_eq!(wizard.end.await.unwrap().unwrap(), End::Signal(15));
        assert_eq!(wizard.notes.frames(), 1);
    });
}

#[test]
fn a_paste_in_whose_middle_the_process_was_continued_is_not_lost() {
    with_paused_time(async || {
        let wizard = Wizard::start();
        wizard.settle().await;
        wizard.keys(":").await;
        wizard.messages.send("clipboard".chars().map(|c| key(KeyCode::Char(c))).collect()).unwrap();
        wizard.control.send(Control::Continued).unwrap();
        wizard.settle().await;
        assert!(wizard.notes.all().contains(&"resumed".to_owned()));
        wizard.messages.send("palette!!".chars().map(|c| key(KeyCode::Char(c))).collect()).unwrap();
        tokio::task::yield_now().await;
        wizard.control.send(Control::Continued).unwrap();
        wizard.settle().await;
        // A burst ends when nothing arrives for a while.
        tokio::time::sleep(2 * cpikey::model::capture::QUIET).await;
        assert!(wizard.picture.borrow().contains("clipboardpalette!!"), "{}", wizard.picture.borrow());
    });
}

#[test]
fn lost_input_is_an_error_and_not_a_wizard_without_input() {
    with_paused_time(async || {
        let wizard = Wizard::start();
        wizard.settle().await;
        wizard.control.send(Control::InputLost(io::ErrorKind::UnexpectedEof.into())).unwrap();
        assert_eq!(wizard.end.await.unwrap().unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
    });
}
