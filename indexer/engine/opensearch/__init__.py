"""The index of an archive in an OpenSearch cluster, behind the same interface as the embedded one."""
