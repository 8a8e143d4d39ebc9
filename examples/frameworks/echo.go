package main

import (
	"net/http"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
)

// echoRouter needs a wildcard for what follows the path, and all methods. A
// middleware of net/http fits into echo by WrapMiddleware.
func echoRouter(io http.Handler) http.Handler {
	e := echo.New()
	e.Use(middleware.RequestID(), middleware.Recover())
	api := e.Group("/api", echo.WrapMiddleware(greet))
	api.Any("/socket.io/*", echo.WrapHandler(io))
	return e
}
