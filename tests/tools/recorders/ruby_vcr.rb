# Ruby's VCR as tests of Ruby programs use it: it listens to net/http through WebMock.
#   ruby ruby_vcr.rb FOLDER <REQUESTS
require "json"
require "net/http"
require "vcr"
require "webmock"

WebMock.enable!
VCR.configure do |config|
  config.cassette_library_dir = ARGV.fetch(0)
  config.hook_into :webmock
end

VCR.use_cassette("ruby-vcr", record: :all) do
  JSON.parse($stdin.read).each do |planned|
    url = URI(planned["url"])
    request = Net::HTTP.const_get(planned["method"].capitalize).new(url, planned["headers"])
    request.body = planned["body"] if planned["body"]
    client = Net::HTTP.new(url.host, url.port)
    client.read_timeout = planned["timeout"]
    begin
      client.request(request)
    rescue Net::ReadTimeout
      raise unless planned["abort"]
    end
  end
end
