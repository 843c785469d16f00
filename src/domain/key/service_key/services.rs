//! Services of SAP BTP whose keys are known by the names of their fields.

use super::node::Node;

/// A service and the fields that only its keys have together.
const SERVICES: [(&str, &[&str]); 10] = [
    ("Event Mesh", &["management", "messaging"]),
    ("Event Mesh", &["messaging", "serviceinstanceid"]),
    ("Object Store", &["bucket", "access_key_id"]),
    ("Object Store", &["container_name", "sas_token"]),
    ("Object Store", &["bucket", "base64EncodedPrivateKeyData"]),
    ("SAP HANA", &["hdi_user", "hdi_password"]),
    ("SAP HANA", &["driver", "schema", "host"]),
    ("SAP AI Core", &["serviceurls", "appname"]),
    ("Connectivity", &["onpremise_proxy_host", "onpremise_proxy_port"]),
    ("SAP Cloud Logging", &["ingest-otlp-endpoint", "ingest-otlp-key"]),
];

/// The service that an object is a key of, if its fields tell.
pub(super) fn of(node: &Node) -> Option<&'static str> {
    SERVICES.iter().find(|(_, fields)| fields.iter().all(|field| node.has(field))).map(|(service, _)| *service)
}
