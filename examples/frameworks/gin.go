package main

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// ginRouter needs a wildcard for what follows the path, and all methods.
func ginRouter(io http.Handler) http.Handler {
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	r.Use(gin.Logger(), gin.Recovery())
	api := r.Group("/api", func(c *gin.Context) { c.Header("X-Greeting", "hello") })
	api.Any("/socket.io/*rest", gin.WrapH(io))
	return r
}
