//! The variables of the guide's texts.

use crate::domain::named::named;

named! {
    /// The value that replaces a `{name}` in a page or a next step (see `guide::values`).
    pub enum Variable {
        /// `Process Integration Runtime`
        Service = "service",
        /// `it-rt`
        ServiceId = "service_id",
        /// The chosen plan.
        Plan = "plan",
        /// Name of the instance.
        Instance = "instance",
        /// Name of the service key.
        Key = "key",
        /// Instance parameters on one line.
        Parameters = "parameters",
        /// The type of the key as named in the cockpit's form.
        KeyType = "key_type",
        /// Service key parameters on one line.
        KeyParameters = "key_parameters",
        /// The roles, separated by comma and space.
        Roles = "roles",
        /// The number of roles.
        RoleCount = "role_count",
        /// Title of the purpose.
        Purpose = "purpose",
        /// URL of the cockpit.
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
