//! The responses of the practice tenant, verbatim those of SAP's servers.

use http_body_util::Full;
use hyper::{Response, StatusCode, body::Bytes, header};
use serde_json::{Value, json};

/// A response.
pub(super) type Reply = Response<Full<Bytes>>;

/// A response of any type.
fn reply(status: StatusCode, content_type: &'static str, body: String) -> Reply {
    let mut reply = Response::new(Full::new(Bytes::from(body)));
    *reply.status_mut() = status;
    reply.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static(content_type));
    reply
}

/// JSON.
pub(super) fn json(status: StatusCode, value: &Value) -> Reply {
    reply(status, "application/json;charset=UTF-8", value.to_string())
}

/// UAA does not accept client id and secret.
pub(super) fn bad_credentials() -> Reply {
    let body = json!({"error": "invalid_client", "error_description": "Bad credentials"});
    let mut reply = json(StatusCode::UNAUTHORIZED, &body);
    reply.headers_mut().insert(
        header::WWW_AUTHENTICATE,
        header::HeaderValue::from_static(
            "Basic realm=\"UAA/client\", error=\"unauthorized\", error_description=\"Bad credentials\"",
        ),
    );
    reply
}

/// UAA does not issue a token to this client for this grant.
pub(super) fn wrong_grant(grant: &str) -> Reply {
    let body =
        json!({"error": "unauthorized_client", "error_description": format!("Unauthorized grant type: {grant}")});
    json(StatusCode::UNAUTHORIZED, &body)
}

/// UAA's response to an unknown path or method.
pub(super) fn not_allowed() -> Reply {
    let body = json!({"error": "method_not_allowed", "error_description": "Request method is not supported"});
    json(StatusCode::METHOD_NOT_ALLOWED, &body)
}

/// The API receives no valid token.
pub(super) fn no_authentication() -> Reply {
    let body = "<oauth><error_description>An Authentication object was not found in the SecurityContext\
                </error_description><error>unauthorized</error></oauth>";
    let mut reply = reply(StatusCode::UNAUTHORIZED, "application/xml;charset=UTF-8", body.to_owned());
    reply.headers_mut().insert(
        header::WWW_AUTHENTICATE,
        header::HeaderValue::from_static("Bearer realm=\"oauth\", error=\"unauthorized\""),
    );
    reply
}

/// The API does not allow this resource: the error page of its Tomcat.
pub(super) fn forbidden() -> Reply {
    let body = "<!doctype html><html lang=\"en\"><head><title>HTTP Status 403 – Forbidden</title></head><body>\
                <h1>HTTP Status 403 – Forbidden</h1></body></html>";
    reply(StatusCode::FORBIDDEN, "text/html;charset=utf-8", body.to_owned())
}

/// The API has no such collection.
pub(super) fn not_found() -> Reply {
    let message = "Could not find an entity set or function import.";
    let body = json!({"error": {"code": "Not Found", "message": {"lang": "en", "value": message}}});
    json(StatusCode::NOT_FOUND, &body)
}

/// The API is down for maintenance and asks to wait this many seconds.
pub(super) fn unavailable(wait: u64) -> Reply {
    let body = "503 Service Unavailable: the application is down for maintenance.".to_owned();
    let mut reply = reply(StatusCode::SERVICE_UNAVAILABLE, "text/plain;charset=utf-8", body);
    reply.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from(wait));
    reply
}

/// Entries of a collection.
pub(super) fn entries(collection: &str, service: &str) -> Reply {
    let entry = |key: &str, value: &str| {
        let uri = format!("{service}/{collection}('{value}')");
        json!({"__metadata": {"id": uri, "uri": uri, "type": format!("com.sap.hci.api.{collection}")}, key: value})
    };
    let results = match collection {
        "MessageProcessingLogs" => vec![entry("MessageGuid", "AGVxEXaMpLe0000000000000000")],
        "IntegrationPackages" => vec![entry("Id", "PracticePackage")],
        "IntegrationRuntimeArtifacts" => vec![entry("Id", "Practice_Flow")],
        // A fresh tenant has no data stores, policies or partners.
        _ => Vec::new(),
    };
    json(StatusCode::OK, &json!({"d": {"results": results}}))
}
