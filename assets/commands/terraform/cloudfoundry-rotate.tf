
# The key that replaces the one above. Both work until the old one is deleted.
resource "cloudfoundry_service_credential_binding" "@next_key_label@" {
  name             = @next_key@
  type             = "key"
  service_instance = cloudfoundry_service_instance.this.id@key_parameters@
}

# terraform output -json @next_key_label@ | cpikey @examine@ -
output "@next_key_label@" {
  sensitive = true
  value = jsondecode(
    cloudfoundry_service_credential_binding.@next_key_label@.credential_binding
  ).credentials
}
