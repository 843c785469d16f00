//! What a text of the guide can mention.

use crate::domain::named::named;

named! {
    /// The value that replaces a `{name}` in a page or a next step (see `guide::values`).
    pub enum Variable {
        /// `Process Integration Runtime`
        Service = "service",
        /// `it-rt`
        ServiceId = "service_id",
        /// The plan chosen.
        Plan = "plan",
        /// Name of the instance.
        Instance = "instance",
        /// Name of the service key.
        Key = "key",
        /// Instance parameters on one line.
        Parameters = "parameters",
        /// What the cockpit's form calls the type of the key.
        KeyType = "key_type",
        /// Service key parameters on one line.
        KeyParameters = "key_parameters",
        /// The roles, separated by comma and space.
        Roles = "roles",
        /// How many roles.
        RoleCount = "role_count",
        /// Title of the purpose.
        Purpose = "purpose",
        /// Address of the cockpit.
        Cockpit = "cockpit",
        /// The region.
        Region = "region",
        /// The space.
        Space = "space",
        /// `url` of the key.
        Url = "url",
        /// Host of `url`.
        Host = "host",
        /// Token URL of the key.
        TokenUrl = "token_url",
        /// Host of the token URL.
        TokenHost = "token_host",
        /// Client id of the key.
        ClientId = "client_id",
    }
}
