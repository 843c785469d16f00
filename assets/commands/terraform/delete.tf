# @title@
#
# Every key of the instance dies with it, also those that Terraform has not created. Name them first:
#   cf service-keys @instance@
# It cannot be undone: new keys have new secrets.
#
# In the folder with the configuration that created it:
#   terraform plan -destroy
#   terraform destroy
# To delete one key only, take its resource and its output out of the configuration and run terraform apply.
