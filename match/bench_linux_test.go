package match

import (
	"syscall"
	"time"
	"unsafe"
)

// threadTime is the processor time that this thread has had, exact to the nanosecond
// whatever else the machine does.
func threadTime() time.Duration {
	const clockThread = 3 // CLOCK_THREAD_CPUTIME_ID
	var t syscall.Timespec
	syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, clockThread, uintptr(unsafe.Pointer(&t)), 0)
	return time.Duration(t.Nano())
}
