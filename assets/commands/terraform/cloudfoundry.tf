# @title@
# @task@
#
# Log in with CF_USER and CF_PASSWORD, with CF_ACCESS_TOKEN, or with cf login first. The subaccount needs the
# entitlement for @service@ with the plan @plan@.
#
# The state contains the secret of the key. Keep it in an encrypted backend, never in a repository.

terraform {
  required_providers {
    cloudfoundry = {
      source = "cloudfoundry/cloudfoundry"
      # Older versions do not support service and plan names.
      version = ">= 1.17.0"
    }
  }
}

variable "api_url" {
  description = @api_description@
  type        = string@api_default@
}

variable "org" {
  description = "Name of the Cloud Foundry org"
  type        = string@org_default@
}

variable "space" {
  description = "The Cloud Foundry space, in which you are Space Developer"
  type        = string@space_default@
}

provider "cloudfoundry" {
  api_url = var.api_url
}

data "cloudfoundry_org" "this" {
  name = var.org
}

data "cloudfoundry_space" "this" {
  name = var.space
  org  = data.cloudfoundry_org.this.id
}

resource "cloudfoundry_service_instance" "this" {
  name                  = @instance@
  type                  = "managed"
  space                 = data.cloudfoundry_space.this.id
  service_offering_name = @service_name@
  service_plan_name     = @plan_name@

  # Roles belong here, not to the key. Ignore warning 90007, that parameters cannot be fetched.
  parameters = jsonencode(@parameters@)
}

resource "cloudfoundry_service_credential_binding" "@key_label@" {
  name             = @key@
  type             = "key"
  service_instance = cloudfoundry_service_instance.this.id@key_parameters@
}

# terraform output -json @key_label@ | cpikey @examine@ -
output "@key_label@" {
  sensitive = true
  value = jsondecode(
    cloudfoundry_service_credential_binding.@key_label@.credential_binding
  ).credentials
}
