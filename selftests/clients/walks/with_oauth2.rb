# The gem oauth2, as its README shows it. Debian packages it; Procore's own gem is on no registry that CI reaches.
require "json"
require "oauth2"
require "oauth2/version"

LOGIN = ENV.fetch("PROCORE_LOGIN_URL", "https://login-sandbox.procore.com")
API = ENV.fetch("PROCORE_API_URL", "https://sandbox.procore.com")
COMPANY = ENV.fetch("PROCORE_COMPANY_ID")
REDIRECT_URI = ENV.fetch("PROCORE_REDIRECT_URI")
HEADERS = { "Procore-Company-Id" => COMPANY }

class NotReached < StandardError; end

@kept = Hash.new { |_, name| raise NotReached, "not reached: no #{name}" }

def say(line)
  puts JSON.generate(line)
  $stdout.flush
end

# Takes a step and says how it went; a number that it returns is how many items it saw.
def step(name)
  count = yield
  say(step: name, ok: true, why: "", count: count.is_a?(Integer) ? count : nil)
rescue NotReached => e
  say(step: name, ok: false, why: e.message)
rescue StandardError => e
  say(step: name, ok: false, why: "#{e.class}: #{e.message.lines.first.to_s.strip}")
end

def proven(right, otherwise)
  raise otherwise unless right
end

def client(scheme)
  options = { site: LOGIN, authorize_url: "/oauth/authorize", token_url: "/oauth/token", auth_scheme: scheme }
  OAuth2::Client.new(ENV.fetch("PROCORE_CLIENT_ID"), ENV.fetch("PROCORE_CLIENT_SECRET"), options)
end

def pages(url)
  items = []
  while url
    answer = @kept[:token].get(url, headers: HEADERS.dup)
    items.concat(answer.parsed)
    url = answer.headers["link"].to_s[/<([^>]*)>;\s*rel="next"/, 1]
  end
  items
end

def me
  @kept[:token].get("#{API}/rest/v1.0/me", headers: HEADERS.dup, raise_errors: false)
end

flow = client(:request_body)
say(client: "oauth2", version: OAuth2::Version.to_s)

step("authorize") do
  answer = flow.connection.get(flow.auth_code.authorize_url(redirect_uri: REDIRECT_URI, state: "a-state"))
  proven(answer.status == 302, "status #{answer.status}")
  there = URI(answer.headers["location"])
  query = URI.decode_www_form(there.query).to_h
  proven(there.to_s.start_with?(REDIRECT_URI) && query["state"] == "a-state", "the state did not come back")
  @kept[:code] = query.fetch("code")
end
step("exchange") do
  @kept[:token] = flow.auth_code.get_token(@kept[:code], redirect_uri: REDIRECT_URI)
  proven(@kept[:token].refresh_token, "no refresh token")
end
step("companies") do
  companies = pages("#{API}/rest/v1.0/companies")
  proven(companies.any? { |one| one["id"].to_s == COMPANY }, "our company is not listed")
  companies.size
end
step("projects") do
  projects = pages("#{API}/rest/v1.1/projects?company_id=#{COMPANY}&per_page=100")
  proven(projects.map { |one| one["id"] }.uniq.size == projects.size, "an item came twice")
  projects.size
end
step("me") { proven(me.parsed["login"], "no login") }
step("refresh") do
  old = @kept[:token].token
  @kept[:token] = @kept[:token].refresh!
  proven(@kept[:token].token != old, "the access token is the old one")
  proven(me.status == 200, "the new token does not work")
end
step("client credentials") { proven(client(:request_body).client_credentials.get_token.token, "no token") }
step("HTTP Basic") { proven(client(:basic_auth).client_credentials.get_token.token, "no token") }
say(step: "revoke", ok: nil, why: "")
