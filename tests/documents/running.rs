//! Every block of commands in a document is run as written, by a shell, in a home directory that contains only a key.

use std::{
    collections::BTreeSet,
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use cpikey::{
    content,
    practice::{
        Latency, Practice,
        cf::{ORIGIN, PASSWORD, USER},
    },
    words::Words,
};
use portable_pty::CommandBuilder;
use rcgen::{CertificateParams, KeyPair};
use tempfile::TempDir;

use crate::{at_terminal, documents};

/// The programs and servers available to a reader.
struct Desk {
    practice: Practice,
    programs: TempDir,
}

impl Desk {
    fn new() -> Self {
        let programs = tempfile::tempdir().unwrap();
        symlink(env!("CARGO_BIN_EXE_cpikey"), programs.path().join("cpikey")).unwrap();
        Self { practice: Practice::start_on_own_thread(&content::load(), Latency::None).unwrap(), programs }
    }

    /// Placeholders in the documents, and their replacements.
    fn stand_ins(&self) -> Vec<(&'static str, String)> {
        vec![
            ("eu10-004", format!("http://{}", self.practice.cloud_foundry())),
            ("acme-dev", "practice".to_owned()),
            ("my-idp", ORIGIN.to_owned()),
            ("--instance cpi-api --key deploy-1", "--instance monitoring --key monitoring-key".to_owned()),
            ("/run/secrets/cpikey", "keys".to_owned()),
            ("/etc/cpikey/keys", "keys".to_owned()),
            ("/var/lib/node_exporter/textfile/", String::new()),
        ]
    }

    /// A home directory with the files mentioned in the documents.
    fn home(&self) -> TempDir {
        let home = tempfile::tempdir().unwrap();
        let sample = self.practice.samples().iter().find(|sample| sample.id() == "works").unwrap();
        let write = |name: &str, text: &str| fs::write(home.path().join(name), text).unwrap();
        fs::create_dir(home.path().join("keys")).unwrap();
        for name in ["key.json", "keys/dev.json", "keys/prod.json"] {
            write(name, sample.text.expose());
        }
        write("parameters.json", r#"{"roles":["MonitoringDataRead"]}"#);
        let authority = CertificateParams::new(Vec::new()).unwrap().self_signed(&KeyPair::generate().unwrap()).unwrap();
        write("company-ca.pem", &authority.pem());
        home
    }

    /// Runs a block in a terminal and returns its status and output.
    fn run(&self, block: &str, home: &Path) -> (u32, String) {
        let mut command = CommandBuilder::new("/bin/sh");
        // Keys are piped in if a document says so; otherwise commands read the keyboard.
        let input = if block.contains("=- ") { "< key.json" } else { "" };
        command.args(["-e", "-c", &format!("{{ {block}\n}} {input}")]);
        command.env_clear();
        command.env("PATH", format!("{}:/usr/bin:/bin", self.programs.path().display()));
        command.env("HOME", home);
        command.env("TERM", "xterm");
        command.env("LANG", "C.UTF-8");
        command.env("CF_USER", USER);
        command.env("CF_PASSWORD", PASSWORD);
        command.cwd(home);
        let words = Words::default().cf_command();
        let passcode = self.practice.passcode();
        let practice: String = words.ask_practice_passcode("").chars().take(16).collect();
        let mut answers = vec![
            (words.ask_passcode().trim_end().to_owned(), format!("{passcode}\r")),
            (practice, "\r".to_owned()),
            (words.agree().trim_end().to_owned(), "y\r".to_owned()),
            // The wizard is on the screen.
            ("\x1b[?1049h".to_owned(), "\x11".to_owned()),
        ];
        at_terminal::watch(command, |seen, keyboard| {
            answers.retain(|(question, answer)| {
                let is_asked = seen.contains(question.as_str());
                if is_asked {
                    keyboard.write_all(answer.as_bytes()).unwrap();
                }
                !is_asked
            });
        })
    }
}

/// The blocks of shell in a part of a document that call the program.
fn blocks(text: &str) -> Vec<String> {
    let parts = text.split("```").skip(1).step_by(2);
    let shell = parts.filter_map(|part| part.strip_prefix("sh\n"));
    shell.filter(|block| block.lines().any(|line| line.trim_start().starts_with("cpikey"))).map(str::to_owned).collect()
}

/// The files that a block creates, which must not exist yet.
fn made_by(block: &str) -> impl Iterator<Item = &str> {
    block.split("--output ").skip(1).filter_map(|rest| rest.split_whitespace().next())
}

#[test]
fn every_block_of_commands_works_as_it_stands() {
    let desk = Desk::new();
    let mut used = BTreeSet::new();
    let mut count = 0;
    for document in documents() {
        let text = fs::read_to_string(&document).unwrap();
        for section in text.split("\n## ") {
            let home = desk.home();
            for original in blocks(section) {
                let mut block = original.clone();
                for (named, instead) in desk.stand_ins() {
                    if block.contains(named) {
                        used.insert(named);
                        block = block.replace(named, &instead);
                    }
                }
                for file in made_by(&block) {
                    let _ = fs::remove_file(home.path().join(file));
                }
                let (status, said) = desk.run(&block, home.path());
                assert_eq!(status, 0, "{}: {original}\n{said}", document.display());
                let missing: Vec<&str> = made_by(&block).filter(|file| !home.path().join(file).exists()).collect();
                assert!(missing.is_empty(), "{}: {original} did not write {missing:?}", document.display());
                count += original.matches("cpikey ").count();
            }
        }
    }
    assert!(count > 30, "{count}");
    let stale: Vec<_> = desk.stand_ins().into_iter().filter(|(named, _)| !used.contains(named)).collect();
    assert!(stale.is_empty(), "{stale:?}");
}

#[test]
fn every_script_and_every_test_that_a_command_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for document in documents() {
        let text = fs::read_to_string(&document).unwrap();
        for line in text.lines() {
            let words: Vec<&str> = line.split(|c: char| c.is_whitespace() || "`|();,".contains(c)).collect();
            for word in words.iter().filter(|word| word.starts_with(".ci/")) {
                let path = word.trim_end_matches(['.', ':']);
                assert!(root.join(path).exists(), "{}: {path}", document.display());
            }
            for pair in words.windows(2).filter(|pair| pair[0] == "--test" && pair[1] != "NAME") {
                let candidates: [PathBuf; 2] =
                    [format!("tests/{}.rs", pair[1]), format!("tests/{}/main.rs", pair[1])].map(PathBuf::from);
                assert!(candidates.iter().any(|path| root.join(path).exists()), "{}: {}", document.display(), pair[1]);
            }
        }
    }
}
