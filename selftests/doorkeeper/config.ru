# The real login service, under puma: Doorkeeper as Procore's documents describe theirs, configured further by the Ruby in
# DOORKEEPER, and as much of the REST API as the suite asks for. A user is signed in; an app may do what it asks for.
require "logger"
require "rails"
require "active_record/railtie"
require "action_controller/railtie"
require "doorkeeper"

FOLDER, OURS = ENV.fetch("FOLDER"), 4265001

class Login < Rails::Application
  config.load_defaults 6.1
  config.root = FOLDER
  config.secret_key_base = "0" * 64
  config.logger = Logger.new("#{FOLDER}/rails.log")
end

Doorkeeper.configure do
  orm :active_record
  resource_owner_authenticator { Struct.new(:id).new(session[:user] = 160586) }
  skip_authorization { true }
  access_token_expires_in 5400
  use_refresh_token
  default_scopes :public
  instance_eval ENV.fetch("DOORKEEPER", "")
end

ENV["DATABASE_URL"] = "sqlite3:#{FOLDER}/db.sqlite3"
Login.initialize!
ActiveRecord::Schema.define do
  create_table(:oauth_applications) { |t| t.string :name, :uid, :secret, :redirect_uri; t.string :scopes, default: ""; t.boolean :confidential, default: true; t.timestamps }
  create_table(:oauth_access_grants) { |t| t.string :token, :redirect_uri, :scopes; t.integer :resource_owner_id, :application_id, :expires_in; t.datetime :created_at, :revoked_at }
  create_table(:oauth_access_tokens) { |t| t.string :token, :refresh_token, :scopes; t.integer :resource_owner_id, :application_id, :expires_in; t.datetime :created_at, :revoked_at }
  add_column :oauth_access_tokens, :previous_refresh_token, :string, default: "" if ENV["PREVIOUS"]
end
app = Doorkeeper::Application.create!(name: "Quick start", redirect_uri: "urn:ietf:wg:oauth:2.0:oob")
File.write("#{FOLDER}/client", "#{app.uid} #{app.secret}")

class ApiController < ActionController::API
  before_action -> { doorkeeper_authorize! }
  before_action :connected, except: %i[companies me]

  def me = render(json: { id: doorkeeper_token.resource_owner_id || 900001, login: "joe@example.com", name: "Joe" })
  def companies = list([OURS, OURS + 1].map { |id| { id: id, name: "Miller Design", is_active: true } })
  def projects = list((1..4).map { |id| project_of(id) })
  def project = render(json: project_of(params[:id].to_i))

  private

  def connected
    asked = [request.headers["Procore-Company-Id"], params[:company_id]]
    render(status: 403, json: { errors: ["App is not connected to this company."] }) if asked != [OURS.to_s] * 2
  end

  def project_of(id)
    at = "2025-01-01T00:00:00Z"
    { id: id, name: "P#{id}", display_name: "P#{id}", active: true, stage: "", company: { id: OURS, name: "Miller Design" }, created_at: at, updated_at: at }
  end

  def list(items)
    each, page = (params[:per_page] || 100).to_i, (params[:page] || 1).to_i
    onward = request.query_parameters.merge(per_page: each, page: page + 1).to_query
    response.set_header("Link", %(<#{request.base_url}#{request.path}?#{onward}>; rel="next")) if page * each < items.size
    response.headers.merge!("Total" => items.size.to_s, "Per-Page" => each.to_s)
    render json: items[(page - 1) * each, each]
  end
end

Login.routes.draw do
  use_doorkeeper
  scope "/rest", controller: :api do
    { "v1.0/me" => :me, "v1.0/companies" => :companies, "v1.0/projects/:id" => :project, "v1.0/projects" => :projects, "v1.1/projects" => :projects }.each { |path, action| get path, action: action }
  end
end
# What stands in front of a Rails app adds the Date, and Procore the limit of the hour.
added = -> { { "Date" => Time.now.httpdate, "X-Rate-Limit-Limit" => "3600", "X-Rate-Limit-Remaining" => "3599", "X-Rate-Limit-Reset" => (Time.now.to_i + 60).to_s } }
run ->(env) { Login.call(env).tap { |_, headers, _| headers.merge!(added.call) } }
