//! Third-party programs that read the formats. `.ci/readers` installs them.

use std::{path::Path, process::Command};

use serde_json::Value;

/// The test cases of a JUnit report as junitparser reads them: `[class, name, results]`, each result `[kind, type,
/// message, text]`, and the totals of the report. The schema of Jenkins' xUnit plugin must allow it.
pub fn junit(text: &str) -> Option<Value> {
    read(
        text,
        "import json, os, sys, junitparser
from lxml import etree
schema = etree.XMLSchema(etree.parse(os.path.join(os.environ['PYTHONPATH'], '..', 'junit-10.xsd')))
schema.assertValid(etree.parse(sys.argv[1]))
report = junitparser.JUnitXml.fromfile(sys.argv[1])
cases = [[case.classname, case.name, [[type(r).__name__, r.type, r.message, r.text] for r in case.result]]
         for suite in report for case in suite]
print(json.dumps({'tests': report.tests, 'failures': report.failures, 'errors': report.errors, 'skipped': report.skipped,
                  'suites': len(report), 'cases': cases}))",
    )
}

/// The samples of metrics as read by Prometheus' own client: `[name, labels, value]`. The strict reader of
/// OpenMetrics, which refuses unordered and repeated samples, must read the same.
pub fn prometheus(text: &str) -> Option<Value> {
    read(
        text,
        "import json, re, sys
from prometheus_client.parser import text_string_to_metric_families as lenient
from prometheus_client.openmetrics.parser import text_string_to_metric_families as strict
text = open(sys.argv[1], newline='').read()
def samples(families):
    return [[s.name, s.labels, s.value] for family in families for s in family.samples]
families = list(lenient(text))
assert all(family.type == 'gauge' and family.documentation for family in families)
# What promtool's linter complains about, for gauges.
for family in families:
    name, labels = family.name, {label for s in family.samples for label in s.labels}
    assert re.fullmatch('[a-z][a-z0-9_]*', name) and all(re.fullmatch('[a-z][a-z0-9_]*', label) for label in labels)
    assert not name.endswith(('_total', '_count', '_sum', '_bucket', '_info')) and not {'le', 'quantile'} & labels
    words = set(name.split('_'))
    assert not words & {'gauge', 'counter', 'histogram', 'summary', 'metric'}
    assert not words & {'s', 'ms', 'us', 'ns', 'sec', 'milliseconds', 'minutes', 'hours', 'days', 'percent', 'kb', 'mb'}
    assert 'timestamp' not in words or name.endswith('_timestamp_seconds')
    assert len({json.dumps(s.labels, sort_keys=True) for s in family.samples}) == len(family.samples)
assert samples(families) == samples(strict(text + '# EOF\\n'))
print(json.dumps(samples(families)))",
    )
}

/// Runs Python on a text; `None` if it or a module is missing.
fn read(text: &str, script: &str) -> Option<Value> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    std::io::Write::write_all(&mut file, text.as_bytes()).unwrap();
    let modules = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/readers/python");
    let mut python = Command::new("python3");
    python.env("PYTHONPATH", modules).env("PYTHONIOENCODING", "utf-8").args(["-c", script]).arg(file.path());
    match python.output() {
        Ok(output) if output.status.success() => Some(serde_json::from_slice(&output.stdout).unwrap()),
        Ok(output) if !String::from_utf8_lossy(&output.stderr).contains("No module named") => {
            panic!("{output:?}\n{text}")
        }
        _ => {
            assert!(std::env::var_os("CPIKEY_REQUIRE_ALL").is_none(), "a reader is missing; .ci/readers installs them");
            eprintln!("left out: python3, junitparser, lxml or prometheus_client is missing");
            None
        }
    }
}
