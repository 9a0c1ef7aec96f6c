//! A history whose bytes are others decides as before, or is refused: never otherwise in silence.

#![no_main]

mod edits;

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use edits::Edits;
use libfuzzer_sys::fuzz_target;
use tempfile::TempDir;

const POLICY: &str = "
record Event { id: text, buyer: text, at: time, amount: CNY }
counter seen = count of Event by buyer within 30 days
counter paid = sum of amount of Event by buyer within 30 days
policy events for Event dated by at {
  decide count: number by first otherwise 0
  decide sum: CNY by first otherwise 0 CNY
  rule tell { then count = seen, sum = paid }
}";

struct Setting {
    folder: TempDir,
    history: Vec<u8>,
    decided: String,
}

impl Setting {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Judges a file with a history; nothing if that is refused.
    fn eval(&self, input: &str) -> Option<String> {
        let arguments: [PathBuf; 9] = [
            "rulebook".into(),
            "eval".into(),
            self.path("p.policy"),
            "--input".into(),
            self.path(input),
            "--history".into(),
            self.path("h.sqlite"),
            "--output".into(),
            self.path("out.jsonl"),
        ];
        match rulebook_cli::run_arguments(arguments) {
            0 => Some(fs::read_to_string(self.path("out.jsonl")).unwrap()),
            2 => None,
            exit => panic!("exit code {exit}"),
        }
    }
}

static SETTING: LazyLock<Setting> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let mut setting = Setting { folder, history: Vec::new(), decided: String::new() };
    let events = |days: std::ops::Range<u32>| -> String {
        days.map(|n| {
            format!(
                "{{\"id\":\"e{n}\",\"buyer\":\"b{}\",\"at\":\"2024-03-{:02}T08:00:00Z\",\"amount\":\"{n}.50\"}}\n",
                n % 3,
                1 + n % 28
            )
        })
        .collect()
    };
    fs::write(setting.path("p.policy"), POLICY).unwrap();
    fs::write(setting.path("first.jsonl"), events(0..20)).unwrap();
    fs::write(setting.path("second.jsonl"), events(20..26)).unwrap();
    setting.eval("first.jsonl").unwrap();
    setting.history = fs::read(setting.path("h.sqlite")).unwrap();
    setting.decided = setting.eval("second.jsonl").unwrap();
    setting
});

fuzz_target!(
    init: {
        let _ = std::panic::take_hook();
    },
    |edits: Edits| {
        let setting = &*SETTING;
        for name in ["h.sqlite-journal", "h.sqlite-wal", "h.sqlite-shm"] {
            let _ = fs::remove_file(setting.path(name));
        }
        fs::write(setting.path("h.sqlite"), edits.of(&setting.history)).unwrap();
        if let Some(decided) = setting.eval("second.jsonl") {
            assert_eq!(decided, setting.decided);
        }
    }
);
