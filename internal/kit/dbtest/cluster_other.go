//go:build !unix

package dbtest

import (
	"fmt"
	"runtime"
)

// cluster exists only where PostgreSQL can be run as another user.
type cluster struct{ dir string }

func startCluster(string) (*cluster, error) {
	return nil, fmt.Errorf("%w: not tried on %s", errSkip, runtime.GOOS)
}

func (*cluster) stop() {}
