//! The program at a terminal, for commands that ask. Independent of what the wizard draws.

use std::io::{Read as _, Write};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

/// Runs a command in a wide terminal without colours and calls `look` after each output with everything shown so far,
/// and with the keyboard. Returns the status and everything shown.
pub fn watch(mut command: CommandBuilder, mut look: impl FnMut(&str, &mut dyn Write)) -> (u32, String) {
    let pair = native_pty_system().openpty(PtySize { rows: 50, cols: 250, ..PtySize::default() }).unwrap();
    command.env("NO_COLOR", "1");
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let mut keyboard = pair.master.take_writer().unwrap();
    let mut reader = pair.master.try_clone_reader().unwrap();
    let mut seen = Vec::new();
    let mut buffer = [0; 4096];
    // After the program has ended, reading its terminal is an error on Linux and returns nothing elsewhere.
    while let Ok(length @ 1..) = reader.read(&mut buffer) {
        seen.extend_from_slice(&buffer[..length]);
        look(&String::from_utf8_lossy(&seen), &mut keyboard);
    }
    let status = child.wait().unwrap().exit_code();
    (status, String::from_utf8(seen).unwrap())
}

/// The same, and each question is answered when it appears, in this order.
pub fn answer(command: CommandBuilder, answers: &[(&str, &str)]) -> (u32, String) {
    let (mut from, mut answered) = (0, 0);
    let done = watch(command, |text, keyboard| {
        while let Some((question, answer)) = answers.get(answered) {
            let Some(at) = text[from..].find(question) else { break };
            from += at + question.len();
            answered += 1;
            keyboard.write_all(format!("{answer}\r").as_bytes()).unwrap();
        }
    });
    assert_eq!(answered, answers.len(), "{}", done.1);
    done
}
