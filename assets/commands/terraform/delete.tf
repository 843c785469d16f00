# @title@
#
# This deletes every key of the instance, including those that Terraform did not create. List them first:
#   cf service-keys @instance@
# This cannot be undone: new keys have new secrets.
#
# In the folder with the configuration that created it:
#   terraform plan -destroy
#   terraform destroy
# To delete only one key, remove its resource and its output from the configuration and run terraform apply.
