//! A real program on a real pseudo terminal, read by a real terminal parser.
//!
//! Tests wait for the contents of the screen, never for time: the deadline only ends a failed test.

use std::{
    io::{Read as _, Write},
    num::NonZero,
    path::Path,
    sync::{
        Arc, Condvar, Mutex,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, channel},
    },
    thread,
    time::{Duration, Instant},
};

use portable_pty::{ChildKiller, CommandBuilder, ExitStatus, MasterPty, PtySize, SlavePty, native_pty_system};
use rustix::{
    process::{Pid, Signal, kill_process},
    termios::Action,
};

/// Generous, because the machine may be busy.
const DEADLINE: Duration = Duration::from_secs(60);

/// Signals that end the program, and the resulting exit status.
pub const ENDING: [(Signal, u32); 4] =
    [(Signal::HUP, 129), (Signal::INT, 130), (Signal::QUIT, 131), (Signal::TERM, 143)];

/// The program under test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_cpikey");

/// The output so far.
struct Seen {
    bytes: Vec<u8>,
    parser: vt100::Parser,
    over: bool,
    /// When the latest bytes arrived.
    at: Instant,
}

/// A program on a pseudo terminal of 24 rows and 80 columns.
pub struct Session {
    seen: Arc<(Mutex<Seen>, Condvar)>,
    master: Option<Box<dyn MasterPty + Send>>,
    slave: Option<Box<dyn SlavePty + Send>>,
    keys: Option<Box<dyn Write + Send>>,
    exit: Receiver<ExitStatus>,
    stop_reading: Arc<AtomicBool>,
    reader: Option<thread::JoinHandle<()>>,
    killer: Box<dyn ChildKiller + Send + Sync>,
    pid: i32,
    ended: bool,
    modes_before: String,
    /// Every program has its own, so that saved files do not affect the next one.
    _home: tempfile::TempDir,
}

/// How it ended.
pub struct Ended {
    /// Exit status.
    pub status: u32,
    /// All output.
    pub bytes: Vec<u8>,
    /// The contents of the screen.
    pub screen: vt100::Screen,
    /// Whether the line settings are the same as before the program ran.
    pub modes_restored: bool,
}

impl Session {
    /// The wizard with these arguments.
    pub fn wizard(arguments: &[&str]) -> Self {
        Self::wizard_with(arguments, &[])
    }

    /// The wizard with these arguments and environment variables.
    pub fn wizard_with(arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        Self::start(Path::new(PROGRAM), arguments, variables)
    }

    /// Any program. It sees only the listed environment variables; one without a value is unset.
    pub fn start(program: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        Self::start_at((24, 80), program, arguments, variables)
    }

    /// Any program, on a terminal with this many rows and columns.
    pub fn start_at((rows, cols): (u16, u16), program: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let pty = native_pty_system();
        let pair = pty.openpty(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
        let home = tempfile::tempdir().unwrap();
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        // Otherwise it starts in the home directory, which some tests make unusable.
        command.cwd(std::env::temp_dir());
        command.env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", home.path());
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        for (name, value) in variables {
            if value.is_empty() {
                command.env_remove(name);
            } else {
                command.env(name, value);
            }
        }
        let modes_before = modes(&*pair.master);
        let mut child = pair.slave.spawn_command(command).unwrap();
        let killer = child.clone_killer();
        let pid = i32::try_from(child.process_id().unwrap()).unwrap();
        let (send_exit, exit) = channel();
        thread::spawn(move || send_exit.send(child.wait().unwrap()));

        let parser = vt100::Parser::new(cells(rows), cells(cols), 0);
        let seen =
            Arc::new((Mutex::new(Seen { bytes: Vec::new(), parser, over: false, at: Instant::now() }), Condvar::new()));
        let stop_reading = Arc::new(AtomicBool::new(false));
        let mut output = pair.master.try_clone_reader().unwrap();
        let reader = thread::spawn({
            let (seen, stop) = (Arc::clone(&seen), Arc::clone(&stop_reading));
            move || {
                let mut buffer = [0; 64 * 1024];
                while !stop.load(Ordering::SeqCst) {
                    let count = output.read(&mut buffer).unwrap_or(0);
                    let at = Instant::now();
                    let mut state = seen.0.lock().unwrap();
                    state.at = at;
                    state.bytes.extend_from_slice(&buffer[..count]);
                    state.parser.process(&buffer[..count]);
                    state.over = count == 0;
                    seen.1.notify_all();
                    if count == 0 {
                        return;
                    }
                }
            }
        });
        Self {
            seen,
            keys: Some(pair.master.take_writer().unwrap()),
            master: Some(pair.master),
            slave: Some(pair.slave),
            exit,
            stop_reading,
            reader: Some(reader),
            killer,
            pid,
            ended: false,
            modes_before,
            _home: home,
        }
    }

    /// Types.
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        let keys = self.keys.as_mut().unwrap();
        keys.write_all(bytes.as_ref()).unwrap();
        keys.flush().unwrap();
    }

    /// Sends a signal to the program.
    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_raw(self.pid).unwrap(), signal).unwrap();
    }

    /// The process id.
    pub fn pid(&self) -> i32 {
        self.pid
    }

    /// The number of bytes written so far.
    pub fn bytes_written(&self) -> usize {
        self.seen.0.lock().unwrap().bytes.len()
    }

    /// Waits until the screen satisfies a condition, and returns the screen.
    pub fn wait_until(&self, what: &str, condition: impl Fn(&vt100::Screen) -> bool) -> vt100::Screen {
        let state = self.seen.0.lock().unwrap();
        let waiting = |state: &mut Seen| !condition(state.parser.screen()) && !state.over;
        let (state, _) = self.seen.1.wait_timeout_while(state, DEADLINE, waiting).unwrap();
        let screen = state.parser.screen();
        assert!(condition(screen), "waited for {what}, but the screen is\n{}", screen.contents());
        screen.clone()
    }

    /// Waits until more than this many bytes were written, and returns when the latest arrived.
    pub fn wait_for_bytes(&self, count: usize) -> Instant {
        let state = self.seen.0.lock().unwrap();
        let waiting = |state: &mut Seen| state.bytes.len() <= count && !state.over;
        let (state, _) = self.seen.1.wait_timeout_while(state, DEADLINE, waiting).unwrap();
        assert!(state.bytes.len() > count, "only {} bytes were written", state.bytes.len());
        state.at
    }

    /// The screen after the latest complete frame, whose end is marked.
    pub fn whole_picture(&self) -> vt100::Screen {
        let state = self.seen.0.lock().unwrap();
        let waiting = |state: &mut Seen| !is_whole(&state.bytes) && !state.over;
        let (state, limit) = self.seen.1.wait_timeout_while(state, DEADLINE, waiting).unwrap();
        assert!(!limit.timed_out(), "no picture came to its end");
        state.parser.screen().clone()
    }

    /// All output so far.
    pub fn bytes(&self) -> Vec<u8> {
        self.seen.0.lock().unwrap().bytes.clone()
    }

    /// Waits until these bytes were written, anywhere in the output, and returns when the latest arrived.
    pub fn wait_for_output(&self, wanted: &[u8]) -> Instant {
        let written = |state: &Seen| state.bytes.windows(wanted.len()).any(|bytes| bytes == wanted);
        let state = self.seen.0.lock().unwrap();
        let waiting = |state: &mut Seen| !written(state) && !state.over;
        let (state, _) = self.seen.1.wait_timeout_while(state, DEADLINE, waiting).unwrap();
        let screen = state.parser.screen().contents();
        assert!(written(&state), "waited for {:?}; the screen is\n{screen}", String::from_utf8_lossy(wanted));
        state.at
    }

    /// Waits until a text is on the screen.
    pub fn wait_for(&self, text: &str) -> vt100::Screen {
        self.wait_until(text, |screen| screen.contents().contains(text))
    }

    /// Waits until the first screen of the wizard is drawn.
    pub fn wait_for_wizard(&self) -> vt100::Screen {
        self.wait_until("the first screen", |screen| {
            let text = screen.contents();
            screen.alternate_screen() && text.contains("cpikey") && text.contains("What will use the key?")
        })
    }

    /// Makes the terminal larger or smaller.
    pub fn resize(&self, rows: u16, cols: u16) {
        self.seen.0.lock().unwrap().parser.screen_mut().set_size(cells(rows), cells(cols));
        self.master.as_ref().unwrap().resize(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
    }

    /// Makes the terminal block writes, as after Ctrl+S.
    pub fn stop_output(&self) {
        self.flow(Action::OOff);
    }

    /// Unblocks writes to the terminal, as after Ctrl+Q.
    pub fn resume_output(&self) {
        self.flow(Action::OOn);
    }

    fn flow(&self, action: Action) {
        let name = self.master.as_ref().unwrap().tty_name().unwrap();
        rustix::termios::tcflow(std::fs::File::open(name).unwrap(), action).unwrap();
    }

    /// Waits until the program has ended.
    pub fn wait_for_end(mut self) -> Ended {
        let status = self.exit.recv_timeout(DEADLINE).unwrap_or_else(|_| {
            let screen = self.seen.0.lock().unwrap().parser.screen().contents();
            panic!("the program did not end; the screen is\n{screen}")
        });
        self.ended = true;
        let modes_restored = modes(&**self.master.as_ref().unwrap()) == self.modes_before;
        // The last open handle of the other side: all output is read to the end.
        self.slave = None;
        let state = self.seen.0.lock().unwrap();
        let (state, _) = self.seen.1.wait_timeout_while(state, DEADLINE, |state| !state.over).unwrap();
        Ended {
            status: status.exit_code(),
            bytes: state.bytes.clone(),
            screen: state.parser.screen().clone(),
            modes_restored,
        }
    }

    /// Closes the terminal under the program and returns its exit status.
    pub fn hang_up(mut self) -> u32 {
        self.stop_reading.store(true, Ordering::SeqCst);
        // A full redraw, so that the reader wakes up and releases the terminal.
        self.send("\x0c");
        self.reader.take().unwrap().join().unwrap();
        (self.slave, self.keys, self.master) = (None, None, None);
        let status = self.exit.recv_timeout(DEADLINE).expect("the program outlived its terminal");
        self.ended = true;
        status.exit_code()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // A finished test, passed or failed, leaves no program behind. The id of an ended process may have been reused.
        if !self.ended && self.exit.try_recv().is_err() {
            let _ = self.killer.kill();
        }
    }
}

impl Ended {
    /// Asserts that the terminal is restored: modes off, cursor visible, line settings as before.
    #[track_caller]
    pub fn assert_restored(&self) {
        let text = String::from_utf8_lossy(&self.bytes);
        assert!(!self.screen.alternate_screen(), "the alternate screen is still on");
        assert!(!self.screen.bracketed_paste(), "bracketed paste is still on");
        assert!(!self.screen.hide_cursor(), "the cursor is still hidden");
        for mode in ["1049", "2004", "1004"] {
            let on = text.rfind(&format!("\x1b[?{mode}h"));
            let off = text.rfind(&format!("\x1b[?{mode}l"));
            assert!(on < off, "mode {mode} is still on");
        }
        assert_eq!(
            text.matches("\x1b[22;0t").count(),
            text.matches("\x1b[23;0t").count(),
            "the title is not as before"
        );
        assert!(self.modes_restored, "the line settings are not as before");
    }
}

/// Whether the latest frame is complete; only the window title may follow it.
fn is_whole(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let Some((_, rest)) = text.rsplit_once("\x1b[?2026l") else { return false };
    let says = |part: &str| part.starts_with(']') || part == "\\";
    rest.is_empty() || rest.strip_prefix('\x1b').is_some_and(|rest| rest.split('\x1b').all(says))
}

fn cells(count: u16) -> NonZero<u16> {
    NonZero::new(count).unwrap()
}

/// The line settings, for comparison.
fn modes(master: &dyn MasterPty) -> String {
    format!("{:?}", master.get_termios())
}

/// Whether an outside program is installed. If it is not, the test is skipped with a message, unless
/// `CPIKEY_REQUIRE_ALL` is set, which makes that a failure.
pub fn has(program: &str) -> bool {
    let found = std::process::Command::new(program).arg("--version").output().is_ok();
    assert!(found || std::env::var_os("CPIKEY_REQUIRE_ALL").is_none(), "{program} is missing");
    if !found {
        eprintln!("skipped: {program} is missing");
    }
    found
}
