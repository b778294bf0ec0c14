// Reads an Envoy configuration as Envoy's own definitions have it: a field nobody knows, or a value that is not allowed,
// is an error. Takes JSON on its standard input.
package main

import (
	"fmt"
	"io"
	"os"

	bootstrap "github.com/envoyproxy/go-control-plane/envoy/config/bootstrap/v3"
	_ "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/router/v3"
	hcm "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/http_connection_manager/v3"
	_ "github.com/envoyproxy/go-control-plane/envoy/extensions/retry/host/previous_hosts/v3"
	"google.golang.org/protobuf/encoding/protojson"
)

func main() {
	if err := check(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func check() error {
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	var config bootstrap.Bootstrap
	if err := protojson.Unmarshal(text, &config); err != nil {
		return err
	}
	if err := config.ValidateAll(); err != nil {
		return err
	}
	return checkFilters(&config)
}

// What stands in a typed_config is known to nobody but its own definition.
func checkFilters(config *bootstrap.Bootstrap) error {
	for _, listener := range config.GetStaticResources().GetListeners() {
		for _, chain := range listener.GetFilterChains() {
			for _, filter := range chain.GetFilters() {
				inner, err := filter.GetTypedConfig().UnmarshalNew()
				if err != nil {
					return err
				}
				if manager, ok := inner.(*hcm.HttpConnectionManager); ok {
					if err := manager.ValidateAll(); err != nil {
						return err
					}
				}
			}
		}
	}
	return nil
}
