//! HCL, the language of Terraform.

use serde_json::Value;

/// A quoted string. `${` and `%{` would begin a template and are doubled.
pub fn string(text: &str) -> String {
    let mut out = String::from("\"");
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '$' | '%' if characters.peek() == Some(&'{') => out.extend([c, c]),
            c if c.is_control() => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A JSON value as an expression, laid out as `terraform fmt` does; lines after the first are indented by `indent`.
pub fn expression(value: &Value, indent: usize) -> String {
    let inner = " ".repeat(indent + 2);
    let outer = " ".repeat(indent);
    match value {
        Value::String(text) => string(text),
        Value::Array(items) if items.is_empty() => "[]".to_owned(),
        Value::Array(items) => {
            let lines: Vec<String> =
                items.iter().map(|item| format!("{inner}{},\n", expression(item, indent + 2))).collect();
            format!("[\n{}{outer}]", lines.concat())
        }
        Value::Object(fields) if fields.is_empty() => "{}".to_owned(),
        Value::Object(fields) => {
            let written: Vec<(String, String)> =
                fields.iter().map(|(key, item)| (string(key), expression(item, indent + 2))).collect();
            // Equals signs are aligned up to a value of several lines, which ends the block.
            let blocks = written.split_inclusive(|(_, item)| item.contains('\n'));
            let lines = blocks.flat_map(|block| {
                let width = block.iter().map(|(key, _)| key.chars().count()).max().unwrap_or_default();
                block.iter().map(move |(key, item)| format!("{key:<width$} = {item}\n"))
            });
            let lines: String = lines.map(|line| format!("{inner}{line}")).collect();
            format!("{{\n{lines}{outer}}}")
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The value that an HCL parser reads from an expression.
    fn read_back(expression: &str) -> Value {
        let body: Value = hcl::from_str(&format!("x = {expression}\n")).unwrap_or_else(|e| panic!("{e}: {expression}"));
        body["x"].clone()
    }

    #[test]
    fn a_template_in_a_text_stays_text() {
        for (text, literal) in [
            ("cpi-api", "\"cpi-api\""),
            ("${file(\"/etc/passwd\")}", "\"$${file(\\\"/etc/passwd\\\")}\""),
            ("%{ if x }", "\"%%{ if x }\""),
            ("$5 100% {", "\"$5 100% {\""),
            ("a\nb\\", "\"a\\nb\\\\\""),
        ] {
            assert_eq!(string(text), literal);
        }
    }

    #[test]
    fn parameters_are_laid_out_line_by_line() {
        let value = json!({"roles": ["A", "B"], "redirect-uris": [], "token-validity": 3600});
        let expected = "{\n    \"roles\" = [\n      \"A\",\n      \"B\",\n    ]\n    \"redirect-uris\"  = []\n    \"token-validity\" = 3600\n  }";
        assert_eq!(expression(&value, 2), expected);
        assert_eq!(read_back(expected), value);
    }

    proptest::proptest! {
        #[test]
        fn every_text_comes_back_from_the_parser(text in "[a\"\\\\$%{}'`\n\t ü]{0,16}") {
            let value = json!({ "a": [text], "b": { "c": text } });
            proptest::prop_assert_eq!(read_back(&expression(&value, 0)), value);
        }
    }
}
