package db

// Waiting is the number of callers in the queue, for tests that need an order.
func (d *DB) Waiting() int {
	d.group.queue.mu.Lock()
	defer d.group.queue.mu.Unlock()
	return len(d.group.queue.waiting)
}
