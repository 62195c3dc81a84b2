#!/usr/bin/env bash
# Installs what is missing, builds, runs the default study on real Fashion-MNIST and predicts with its model.
#   ./run-all.sh          the study in its quick profile: artifacts/report.html and artifacts/model.zip
#   ./run-all.sh test     the tests
#   ./run-all.sh build    only install and build
#   ./run-all.sh pack     the NuGet packages that a service needs: artifacts/packages
set -euo pipefail
cd "$(dirname "$0")"

artifacts=artifacts
command=$artifacts/bin/mlnetcnn
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

run_packages=(libtorch-dev libopenblas0-openmp libopencv-dev libgif-dev libjpeg-dev libonnx-dev libdnnl-dev g++ make cmake dataset-fashion-mnist)
test_packages=(chromium postgresql python3-h5py python3-jsonschema python3-onnx python3-torch python3-torchvision python3-sklearn)

say() { printf '\n== %s\n' "$*"; }

fail() {
  printf 'run-all.sh: %s\n' "$*" >&2
  exit 1
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "installing packages needs root: run as root, install sudo, or run first: apt-get install ${run_packages[*]}"
  fi
}

install_packages() {
  local missing=()
  for package in "$@"; do
    [ "$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null)" = "install ok installed" ] || missing+=("$package")
  done
  [ "${#missing[@]}" -eq 0 ] && return
  say "installing ${missing[*]}"
  as_root apt-get update -q
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
}

check_tools() {
  command -v dotnet >/dev/null || fail "the .NET 10 SDK is missing: install it (dotnet-sdk-10.0) and run again"
  [ "$(dotnet --version | cut -d. -f1)" -ge 10 ] || fail "the .NET SDK is $(dotnet --version): version 10 or later is needed"
  command -v npm >/dev/null || fail "Node's npm is missing: apt-get install nodejs npm"
}

build() {
  say "building"
  dotnet publish src/MLNetCnn.Cli -c Release -o "$artifacts/bin" -v quiet
}

pack() {
  say "packing"
  for project in Imaging Inference Serving; do
    dotnet pack "src/MLNetCnn.$project" -c Release -o "$artifacts/packages" -v quiet
    # NuGet goes on with what it has unpacked of a version, whatever was packed since.
    rm -rf "${NUGET_PACKAGES:-$HOME/.nuget/packages}/mlnetcnn.${project,,}"
  done
}

one_shot() {
  say "study fashion-mnist-cnns, quick profile"
  "$command" study fashion-mnist-cnns --profile quick --output "$artifacts/study"
  cp "$artifacts/study/report.html" "$artifacts/report.html"
  cp "$artifacts/study/model.zip" "$artifacts/model.zip"

  say "a few test images through model.zip"
  "$command" data samples fashion-mnist --count 5 --output "$artifacts/samples"
  "$command" predict "$artifacts/model.zip" "$artifacts"/samples/*.png

  say "done"
  printf 'report  %s\nmodel   %s\ncommand %s\n' "$artifacts/report.html" "$artifacts/model.zip" "$command"
}

run_tests() {
  say "building the tests"
  dotnet build MLNetCnn.sln -c Release -v quiet
  rm -rf "$artifacts/tests"
  mkdir -p "$artifacts/tests"
  local passed=0 failed=0 skipped=0 broken=0
  for project in tests/*.Tests; do
    local name results
    name=$(basename "$project")
    results=$artifacts/tests/$name.xml
    say "$name"
    "$project/bin/Release/net10.0/$name" -xml "$results" || true
    if [ ! -s "$results" ]; then
      printf '%s ended without a result\n' "$name" >&2
      broken=$((broken + 1))
      continue
    fi
    passed=$((passed + $(count passed "$results")))
    failed=$((failed + $(count failed "$results") + $(count errors "$results")))
    skipped=$((skipped + $(count skipped "$results")))
  done
  printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$((failed + broken))" "$skipped"
  [ "$((failed + broken))" -eq 0 ] && [ "$passed" -gt 0 ]
}

# The sum of an attribute over the assemblies of an xunit result file.
count() {
  grep -o '<assembly [^>]*' "$2" | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*' | awk '{ sum += $1 } END { print sum + 0 }'
}

check_tools
case "${1:-}" in
  "")
    install_packages "${run_packages[@]}"
    build
    one_shot
    ;;
  build)
    install_packages "${run_packages[@]}"
    build
    ;;
  pack)
    install_packages "${run_packages[@]}"
    pack
    ;;
  test)
    install_packages "${run_packages[@]}" "${test_packages[@]}"
    run_tests
    ;;
  *)
    fail "there is no '$1': give nothing, build, pack or test"
    ;;
esac
