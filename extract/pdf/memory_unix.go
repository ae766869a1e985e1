//go:build unix

package pdf

import (
	"syscall"

	"github.com/samyfodil/wazy/api"
)

// memory maps the address space of all that an engine may take; the system gives what is
// used of it, and takes it back with the engine. A slice of Go's would be copied as it
// grows, and the copies wait for the collector: twice the limit is then in use.
var memory api.MemoryAllocator = api.MemoryAllocatorFunc(func(_, most uint64) api.LinearMemory {
	m, err := syscall.Mmap(-1, 0, int(most), syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		return mapped(nil) // the engine does not start
	}
	return mapped(m)
})

type mapped []byte

func (m mapped) Reallocate(size uint64) []byte {
	if size > uint64(len(m)) {
		return nil
	}
	return m[:size]
}

func (m mapped) Free() { syscall.Munmap(m) }
