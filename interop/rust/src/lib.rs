//! kube-rs, unmodified, against the server that KUBECONFIG names: all of it is in tests/.
