// go-vcr as tests of Go programs use it: a transport of net/http that writes a cassette.
//
//	go run go_vcr.go FOLDER/NAME <REQUESTS
package main

import (
	"context"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/dnaeon/go-vcr/recorder"
)

type planned struct {
	Method  string            `json:"method"`
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
	Abort   bool              `json:"abort"`
	Timeout float64           `json:"timeout"`
}

func send(client *http.Client, asked planned) error {
	patience := time.Duration(asked.Timeout * float64(time.Second))
	limited, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	request, err := http.NewRequestWithContext(limited, asked.Method, asked.URL, strings.NewReader(asked.Body))
	if err != nil {
		return err
	}
	for name, value := range asked.Headers {
		request.Header.Set(name, value)
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body)
	return err
}

func main() {
	var script []planned
	if err := json.NewDecoder(os.Stdin).Decode(&script); err != nil {
		log.Fatal(err)
	}
	tape, err := recorder.New(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	client := &http.Client{Transport: tape}
	for _, asked := range script {
		if err := send(client, asked); err != nil && !asked.Abort {
			log.Fatal(err)
		}
	}
	if err := tape.Stop(); err != nil {
		log.Fatal(err)
	}
}
