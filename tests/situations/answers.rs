//! Situations of a response: from the token server and the API.

use std::{collections::HashMap, sync::Mutex};

use crate::{
    scene::Scene,
    support::{
        CANARY,
        server::{Canned, Server, TOKEN},
    },
};

const FILTER: &str = "<html><head><title>Access blocked</title></head><body>This category is blocked.</body></html>";
const LOGIN: &str =
    "<!DOCTYPE html><html><body><form action=\"/login.do\"><input type=\"password\"></form></body></html>";
const TOMCAT: &str = "<!doctype html><html><head><title>HTTP Status 403 – Forbidden</title></head><body></body></html>";
const ODATA: &str = r#"{"error":{"code":"Not Found","message":{"lang":"en","value":"Resource not found"}}}"#;
const ODATA_XML: &str = "<?xml version='1.0'?><error xmlns=\"http://schemas.microsoft.com/ado/2007/08/dataservices/metadata\">\
    <code>501</code><message xml:lang=\"en\">Not implemented</message></error>";
const ATOM: &str = "<?xml version='1.0'?><feed xmlns=\"http://www.w3.org/2005/Atom\"><entry></entry></feed>";

fn uaa(description: &str) -> Canned {
    Canned::new(401, format!(r#"{{"error":"unauthorized","error_description":"{description}"}}"#))
}

fn to(status: u16, location: &str) -> Canned {
    Canned::new(status, "").header("location", location)
}

/// A token with these scopes.
fn scoped(scopes: &str) -> Canned {
    let token =
        serde_json::json!({"access_token": TOKEN, "token_type": "bearer", "expires_in": 43_199, "scope": scopes});
    Canned::new(200, token.to_string())
}

/// A tenant whose token has these scopes, with its responses to reads of `path` and to all others.
async fn granting(scopes: &str, path: &'static str, special: Canned) -> Scene {
    let token = scoped(scopes);
    let token = Server::http(move |_| token.clone()).await;
    let api =
        Server::http(move |asked| if asked.path.contains(path) { special.clone() } else { Canned::entries() }).await;
    Scene::at(&api.url(), &token.token_url()).keep(token).keep(api)
}

const MONITORING: &str = "it!b5678.IntegrationOperationServer.read it!b5678.NodeManager.read it!b5678.Roles.Read";
const WORKSPACE: &str = "it!b5678.IntegrationOperationServer.read it!b5678.NodeManager.read it!b5678.Roles.Read it!b5678.WebToolingWorkspace.Read";

pub async fn set(id: &str) -> Option<Scene> {
    Some(match id {
        "bad-credentials" => Scene::token(uaa("Bad credentials")).await,
        "bad-credentials-invalid-client" => {
            Scene::token(Canned::new(401, r#"{"error":"invalid_client","error_description":"Bad credentials"}"#)).await
        }
        "unknown-client" => Scene::token(uaa("Client with requested ID does not exist")).await,
        "grant-not-allowed" => Scene::token(uaa("Unauthorized grant type: client_credentials")).await,
        "client-locked" => Scene::token(uaa("Your account has been locked because of too many failed attempts")).await,
        "unknown-subdomain" => Scene::token(Canned::new(404, "{}")).await,
        "unknown-subdomain-in-words" => {
            Scene::token(Canned::new(404, "Cannot find identity zone for subdomain acme-typo")).await
        }
        "token-route-unknown" => {
            let body = "404 Not Found: Requested route ('acme.example') does not exist.";
            Scene::token(Canned::new(404, body).header("x-cf-routererror", "unknown_route")).await
        }
        "token-redirected" => {
            let other = Server::http(|_| Canned::token()).await;
            let mut scene = Scene::token(to(307, &format!("{}/x?state=canary", other.url()))).await;
            scene.strangers.push(other);
            scene
        }
        "token-login-page" => Scene::token(Canned::new(200, LOGIN)).await,
        "token-login-redirect" => Scene::token(to(302, "https://login.example/login?x")).await,
        "token-not-an-endpoint" => Scene::token(Canned::new(405, "")).await,
        "token-without-its-path" => {
            let body = r#"{"error":"Could not verify the provided CSRF token because your session was not found."}"#;
            Scene::token(Canned::new(403, body)).await
        }
        "request-changed" => {
            let body = r#"{"error":"invalid_request","error_description":"Missing grant type"}"#;
            Scene::token(Canned::new(400, body)).await
        }
        "token-page-of-a-filter" => Scene::token(Canned::new(403, FILTER)).await,
        "api-page-of-a-filter" => Scene::api(Canned::new(403, FILTER)).await,
        "api-json-of-a-gateway" => Scene::api(Canned::new(401, r#"{"message":"Invalid API key"}"#)).await,
        "answer-garbled" => Scene::api(Canned::new(200, "no gzip").header("content-encoding", "gzip")).await,
        "token-rate-limited" => Scene::token(Canned::new(429, "").header("retry-after", "31")).await,
        "token-unavailable" => Scene::token(Canned::new(500, "")).await,
        "token-unavailable-thrice" => Scene::token(Canned::new(503, "").header("retry-after", "0")).await,
        "token-unexpected" => Scene::token(Canned::new(200, "{}")).await,
        "token-without-text" => Scene::token(Canned::new(200, [0xff, 0xfe, 0xfd])).await,
        "token-empty" => Scene::token(Canned::new(200, "")).await,
        "token-answer-repeats-the-secret" => Scene::token(uaa(&format!("Bad credentials: {CANARY}"))).await,
        "ready" => Scene::works().await.asking(&["MonitoringDataRead"]),
        "ready-atom" => Scene::api(Canned::new(200, ATOM)).await,
        "ready-odata-v4" => Scene::api(Canned::new(200, r#"{"value":[{"Id":"a"}]}"#)).await,
        "busy-for-a-moment" => {
            // For each resource, because all are read at once.
            let calls = Mutex::new(HashMap::<String, usize>::new());
            let count = move |path: &str| {
                let mut calls = calls.lock().unwrap();
                let count = calls.entry(path.to_owned()).or_default();
                *count += 1;
                *count
            };
            Scene::tenant(move |asked| match count(&asked.path) % 3 {
                1 => Canned::new(429, "").header("retry-after", "0"),
                2 => Canned::new(502, "502 Bad Gateway").header("retry-after", "0"),
                _ => Canned::entries(),
            })
            .await
        }
        "token-not-accepted" => Scene::api(Canned::new(401, "")).await,
        "token-not-accepted-xml" => {
            let xml = "<oauth><error_description>An Authentication object was not found in the SecurityContext\
                </error_description><error>unauthorized</error></oauth>";
            Scene::api(Canned::new(401, xml)).await
        }
        "api-answer-repeats-the-token" => {
            let message = format!("Bearer {TOKEN} refused");
            let error =
                serde_json::json!({"error": {"code": "Unauthorized", "message": {"lang": "en", "value": message}}});
            Scene::api(Canned::new(401, error.to_string())).await
        }
        "role-missing" => Scene::api(Canned::new(403, TOMCAT)).await,
        "role-missing-empty" => Scene::api(Canned::new(403, "")).await,
        "role-missing-one-of-two" => {
            let scene = granting(MONITORING, "/IntegrationPackages", Canned::new(403, TOMCAT)).await;
            scene.asking(&["MonitoringDataRead", "WorkspacePackagesRead"])
        }
        "role-missing-by-scopes" => {
            granting(MONITORING, "/none", Canned::entries()).await.asking(&["WorkspacePackagesEdit"])
        }
        "role-covered" => {
            let token = format!("{WORKSPACE} it!b5678.WebToolingWorkspace.Write");
            let scene = granting(&token, "/none", Canned::entries()).await;
            scene.asking(&["WorkspacePackagesRead", "WorkspacePackagesEdit"])
        }
        "role-uncertain" => granting(MONITORING, "/none", Canned::entries()).await.asking(&["WorkspacePackagesRead"]),
        "role-not-checkable" => {
            granting("uaa.resource", "/none", Canned::entries()).await.asking(&["MessagePayloadsRead"])
        }
        "role-unknown" => {
            let scene = Scene::works().await.asking(&["MonitoringDataread"]);
            Scene { not_in_the_wizard: true, ..scene }
        }
        "probe-not-on-tenant" => granting("uaa.resource", "/AccessPolicies", Canned::new(501, ODATA_XML))
            .await
            .asking(&["AccessPoliciesRead"]),
        "route-unknown" => Scene::api(Canned::new(404, "no route").header("x-cf-routererror", "unknown_route")).await,
        "api-not-found" => Scene::api(Canned::new(404, "")).await,
        "api-not-found-page" => Scene::api(Canned::new(200, "<html><body>Welcome</body></html>")).await,
        "login-page" => Scene::api(Canned::new(200, LOGIN)).await,
        "login-page-redirect" => Scene::api(to(302, "https://acme.example/oauth/authorize?state=canary")).await,
        "api-redirected" => {
            let other = Server::http(|_| Canned::entries()).await;
            let mut scene = Scene::api(to(301, &other.url())).await;
            scene.strangers.push(other);
            scene
        }
        "api-rate-limited" => Scene::api(Canned::new(429, "").header("retry-after", "60")).await,
        "api-unavailable" => Scene::api(Canned::new(500, "")).await,
        "api-unavailable-502" | "api-unavailable-503" | "api-unavailable-504" => {
            let status = id.rsplit_once('-').unwrap().1.parse().unwrap();
            Scene::api(Canned::new(status, "").header("retry-after", "0")).await
        }
        "api-unexpected" => Scene::api(Canned::new(200, "{}")).await,
        "api-error-of-odata" => Scene::api(Canned::new(404, ODATA)).await,
        "api-error-of-odata-xml" => Scene::api(Canned::new(501, ODATA_XML)).await,
        "api-without-text" => Scene::api(Canned::new(200, [0xff, 0xfe, 0xfd])).await,
        "api-empty" => Scene::api(Canned::new(200, "")).await,
        "api-with-control-characters" => {
            Scene::api(Canned::new(418, "\u{1b}[2J\u{1b}]52;c;aGVsbG8=\u{7} I am \u{202e}a teapot\r\n")).await
        }
        _ => return None,
    })
}
