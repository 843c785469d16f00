# @title@
# @task@
#
# Only if your account offers it: instances of this provider belong to no Cloud Foundry space, and SAP documents
# @service@ only for Cloud Foundry. If terraform plan does not find this service plan, use the provider cloudfoundry.
#
# Log in with BTP_USERNAME and BTP_PASSWORD. The state contains the secret of the key. Keep it in an encrypted backend,
# never in a repository.

terraform {
  required_providers {
    btp = {
      source = "SAP/btp"
      # Older versions do not support service and plan names.
      version = ">= 1.22.0"
    }
  }
}

variable "globalaccount" {
  description = "Subdomain of the global account"
  type        = string
}

variable "subaccount_id" {
  description = "Id of the subaccount, from its overview in the cockpit"
  type        = string
}

provider "btp" {
  globalaccount = var.globalaccount
}

resource "btp_subaccount_service_instance" "this" {
  subaccount_id         = var.subaccount_id
  name                  = @instance@
  service_offering_name = @service_name@
  serviceplan_name      = @plan_name@

  # Roles belong here, not to the key.
  parameters = jsonencode(@parameters@)
}

resource "btp_subaccount_service_binding" "@key_label@" {
  subaccount_id       = var.subaccount_id
  service_instance_id = btp_subaccount_service_instance.this.id
  name                = @key@@key_parameters@
}

# terraform output -json @key_label@ | cpikey @examine@ -
output "@key_label@" {
  sensitive = true
  value = jsondecode(
    btp_subaccount_service_binding.@key_label@.credentials
  )
}
