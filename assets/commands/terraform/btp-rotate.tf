
# The key that replaces the one above. Both work until the old one is deleted.
resource "btp_subaccount_service_binding" "@next_key_label@" {
  subaccount_id       = var.subaccount_id
  service_instance_id = btp_subaccount_service_instance.this.id
  name                = @next_key@@key_parameters@
}

# terraform output -json @next_key_label@ | cpikey @examine@ -
output "@next_key_label@" {
  sensitive = true
  value = jsondecode(
    btp_subaccount_service_binding.@next_key_label@.credentials
  )
}
