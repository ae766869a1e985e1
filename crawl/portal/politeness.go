package portal

import "time"

// Politeness bounds what the portal is asked for.
type Politeness struct {
	Delay    time.Duration `yaml:"delay"`     // between two requests to a host
	Timeout  time.Duration `yaml:"timeout"`   // of one request, body included
	MaxBytes int64         `yaml:"max_bytes"` // of one answer
}

func (d *document) checkPoliteness(p Politeness) error {
	if p.Delay < 0 || p.Timeout <= 0 || p.MaxBytes <= 0 {
		return d.errorf("$.politeness", "politeness: delay must not be negative, timeout and max_bytes must be positive")
	}
	return nil
}
