//go:build !unix

package pdf

import "github.com/samyfodil/wazy/api"

// memory is left to Go where the system is not known to map it.
var memory api.MemoryAllocator
