//! The only YAML format with keys: a Kubernetes secret as printed by `kubectl get secret -o yaml`.
//!
//! Read line by line: a block of `name: value` under `data` and `stringData`, including block scalars. Other YAML
//! features are ignored.

use zeroize::Zeroizing;

use super::node::Node;

/// Reads a Kubernetes secret, `None` if the text is not one.
pub(super) fn secret(text: &str) -> Option<Node> {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    if !lines.iter().any(|line| matches!(line.split_once(':'), Some(("kind", kind)) if unquoted(kind) == "Secret")) {
        return None;
    }
    let mut members = vec![("kind".to_owned(), Node::Text("Secret".to_owned().into()))];
    for block in ["data", "stringData", "metadata"] {
        members.push((block.to_owned(), Node::Object(block_of(&lines, block))));
    }
    Some(Node::Object(members))
}

/// The `name: value` lines under `name:`.
fn block_of(lines: &[&str], name: &str) -> Vec<(String, Node)> {
    let mut members = Vec::new();
    let mut below = lines.iter().skip_while(|line| line.strip_suffix(':') != Some(name)).skip(1).peekable();
    let Some(first) = below.peek().map(|line| indent(line)).filter(|indent| *indent > 0) else { return members };
    while let Some(line) = below.next_if(|line| line.is_empty() || indent(line) >= first) {
        if indent(line) != first {
            continue;
        }
        let Some((name, value)) = line.trim().split_once(':') else { continue };
        let value = value.trim();
        let mut whole = Zeroizing::new(String::new());
        if value.starts_with(['|', '>']) {
            while let Some(more) = below.next_if(|more| more.is_empty() || indent(more) > first) {
                whole.push_str(more.trim_start());
                whole.push('\n');
            }
        } else {
            whole.push_str(unquoted(value));
        }
        members.push((unquoted(name).to_owned(), Node::Text(whole)));
    }
    members
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn unquoted(value: &str) -> &str {
    let value = value.trim();
    ['"', '\'']
        .iter()
        .find_map(|quote| value.strip_prefix(*quote).and_then(|value| value.strip_suffix(*quote)))
        .unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_block_of_a_secret_is_read_and_nothing_else() {
        let yaml = "apiVersion: v1\nkind: Secret\ndata:\n  url: aHR0cHM=\n  note: |\n    one\n    two\n  'q': \"v\"\nother:\n  x: y\n";
        let node = secret(yaml).unwrap();
        let data = node.get("data").unwrap();
        assert_eq!(data.get("url").and_then(Node::text), Some("aHR0cHM="));
        assert_eq!(data.get("note").and_then(Node::text), Some("one\ntwo\n"));
        assert_eq!(data.get("q").and_then(Node::text), Some("v"));
        assert_eq!(data.members().len(), 3);
        assert!(secret("kind: ConfigMap\ndata:\n  a: b\n").is_none());
    }
}
