//! Reads curl command lines for a token or the API, and request headers.

use base64::{Engine as _, engine::general_purpose};
use zeroize::Zeroizing;

use super::{statement::Pair, value::words};
use crate::domain::key::address::Address;

/// Options of curl whose value is a form.
const FORM: [&str; 7] = ["-d", "--data", "--data-ascii", "--data-raw", "--data-binary", "-F", "--form"];

/// The text with the lines of each command joined, if there is a curl command in it.
pub(super) fn joined(text: &str) -> Option<Zeroizing<String>> {
    command(text)?;
    let mut out = Zeroizing::new(String::with_capacity(text.len()));
    for line in text.split_inclusive(['\n', '\r']) {
        let end = line.trim_end();
        match end.strip_suffix(['\\', '^', '`']) {
            Some(start) if start.is_empty() || start.ends_with([' ', '\t']) => out.push_str(start),
            // The second half of CRLF, after a continued line.
            _ if end.is_empty() && out.ends_with([' ', '\t']) => {}
            _ => out.push_str(line),
        }
    }
    Some(out)
}

/// The arguments of the first curl command in `text`.
fn command(text: &str) -> Option<&str> {
    text.match_indices("curl").find_map(|(at, _)| {
        let after = &text[at + 4..];
        let rest = after.strip_prefix(".exe").unwrap_or(after);
        let begins = !text[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_'));
        (begins && rest.starts_with(char::is_whitespace)).then_some(rest)
    })
}

/// The client and URLs in a curl command; `None` if `text` is not one.
pub(super) fn pairs(text: &str) -> Option<Vec<Pair>> {
    let words = words(command(text)?);
    let mut found = Vec::new();
    let mut addresses = Vec::new();
    let mut words = words.iter().map(|word| word.as_str()).take_while(|word| !matches!(*word, "|" | ";" | "&&"));
    while let Some(word) = words.next() {
        let (option, attached) = match word.split_once('=') {
            Some((option, value)) if option.starts_with("--") => (option, Some(value)),
            _ if word.starts_with("-u") && word.len() > 2 => ("-u", Some(&word[2..])),
            _ => (word, None),
        };
        let mut value = || attached.or_else(|| words.next()).unwrap_or_default();
        match option {
            "-u" | "--user" => found.extend(client(value()).into_iter().flatten()),
            "-H" | "--header" => found.extend(header(value())),
            "--data-urlencode" => found.extend(value().split_once('=').and_then(|(name, value)| field(name, value))),
            option if FORM.contains(&option) => found.extend(form(value())),
            "--url" => addresses.push(value()),
            _ if word.starts_with("http://") || word.starts_with("https://") => addresses.push(word),
            _ => {}
        }
    }
    for address in addresses {
        let address = address.trim_end_matches([')', '"', '\'', '`']);
        let (plain, query) = address.split_once('?').unwrap_or((address, ""));
        found.extend(form(query));
        let is_token = Address::recognise(plain)
            .is_some_and(|address| address.is_token_host() || address.url().path().ends_with("/oauth/token"));
        found.extend(known(if is_token { "tokenurl" } else { "url" }, plain));
    }
    Some(found)
}

/// `Authorization: Basic ..`
pub(super) fn header(text: &str) -> Vec<Pair> {
    let text = text.trim().trim_matches(['"', '\'', ',']);
    let Some((name, value)) = text.split_once(':') else { return Vec::new() };
    let value = value.trim().trim_matches(['"', '\'']);
    let encoded = value.get(..6).filter(|scheme| scheme.eq_ignore_ascii_case("basic ")).map(|_| value[6..].trim());
    match encoded {
        Some(encoded) if name.trim().trim_matches(['"', '\'']).eq_ignore_ascii_case("authorization") => {
            let packed = encoded.trim_end_matches('=');
            let bytes = general_purpose::STANDARD_NO_PAD.decode(packed).ok().map(Zeroizing::new);
            bytes.and_then(|bytes| client(std::str::from_utf8(&bytes).ok()?)).into_iter().flatten().collect()
        }
        _ => Vec::new(),
    }
}

/// `clientid:clientsecret`
fn client(text: &str) -> Option<[Pair; 2]> {
    let (id, secret) = text.split_once(':')?;
    Some([known("clientid", id)?, known("clientsecret", secret)?])
}

/// `client_id=..&client_secret=..`
fn form(text: &str) -> Vec<Pair> {
    let pairs = url::form_urlencoded::parse(text.as_bytes());
    pairs.filter_map(|(name, value)| field(&name, &Zeroizing::new(value.into_owned()))).collect()
}

fn field(name: &str, value: &str) -> Option<Pair> {
    match name {
        "client_id" => known("clientid", value),
        "client_secret" => known("clientsecret", value),
        _ => None,
    }
}

/// A value, unless it is a shell variable.
fn known(name: &str, value: &str) -> Option<Pair> {
    let is_variable = value.starts_with(['$', '%']) || value.starts_with("{{");
    (!value.is_empty() && !is_variable).then(|| (name.to_owned(), Some(Zeroizing::new(value.to_owned()))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        let joined = joined(text).unwrap();
        let found = pairs(&joined).unwrap();
        let mut all: Vec<String> =
            found.iter().map(|(name, value)| format!("{name}={}", value.as_ref().unwrap().as_str())).collect();
        all.sort();
        all
    }

    #[test]
    fn every_way_to_hand_a_client_to_curl_is_understood() {
        let token = "https://acme.authentication.eu10.hana.ondemand.com/oauth/token";
        let basic = general_purpose::STANDARD.encode("sb-1!b1|it!b2:s$ec+ret=");
        for command in [
            format!("curl -u 'sb-1!b1|it!b2:s$ec+ret=' {token}"),
            format!(
                "$ curl -s -X POST \\\n  --user \"sb-1!b1|it!b2:s\\$ec+ret=\" \\\n  -d grant_type=client_credentials \\\n  {token}"
            ),
            format!("curl.exe ^\r\n -usb-1!b1|it!b2:s$ec+ret= ^\r\n \"{token}?grant_type=client_credentials\""),
            format!(
                "TOKEN=$(curl -sS {token} -d 'grant_type=client_credentials&client_id=sb-1%21b1%7Cit%21b2&client_secret=s%24ec%2Bret%3D' | jq -r .access_token)"
            ),
            format!(
                "curl {token} --data-urlencode 'client_id=sb-1!b1|it!b2' --data-urlencode 'client_secret=s$ec+ret='"
            ),
            format!("curl --location --request POST '{token}' --header 'Authorization: Basic {basic}'"),
            format!("curl --user='sb-1!b1|it!b2:s$ec+ret=' --url {token}"),
        ] {
            assert_eq!(
                read(&command),
                ["clientid=sb-1!b1|it!b2", "clientsecret=s$ec+ret=", &format!("tokenurl={token}")],
                "{command}"
            );
        }
    }

    #[test]
    fn variables_of_the_shell_are_not_values_and_other_commands_are_not_curl() {
        assert!(read("curl -u \"$ID:$SECRET\" -H \"Authorization: Bearer $TOKEN\" $URL").is_empty());
        assert!(joined("we use libcurl here").is_none() && joined("see https://curl.se").is_none());
    }
}
