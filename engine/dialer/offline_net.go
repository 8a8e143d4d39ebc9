//go:build !js

package dialer

// Only browsers tell when the network is lost.

func (c *Conn) watchNetwork()   {}
func (c *Conn) unwatchNetwork() {}
