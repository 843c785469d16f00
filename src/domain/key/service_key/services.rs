//! SAP BTP services whose keys are recognised by their field names.

use super::node::Node;

/// A service and the combination of fields unique to its keys.
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

/// The service of a key, if its fields identify it.
pub(super) fn of(node: &Node) -> Option<&'static str> {
    SERVICES.iter().find(|(_, fields)| fields.iter().all(|field| node.has(field))).map(|(service, _)| *service)
}
