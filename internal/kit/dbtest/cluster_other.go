//go:build !unix

package dbtest

// cluster exists only where PostgreSQL can be run as another user.
type cluster struct{ dir string }

func startCluster(string) (*cluster, error) { return nil, errNoPostgres }

func (*cluster) stop() {}
