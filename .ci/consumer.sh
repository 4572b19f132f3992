#!/usr/bin/env bash
# As somebody who only has the packages: the README's C# sample in a project of its own, with the built-in model's package and without.
# Use: .ci/consumer.sh FOLDER_OF_PACKAGES
set -euo pipefail
root="$(cd "$(dirname "$0")/.." && pwd)"
packages="$(cd "$1" && pwd)"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 NUGET_PACKAGES="$work/restored" # not what an earlier build left in the cache
cd "$work"

# Beside the sources that the machine has, for what the packages depend on.
cat > NuGet.config <<XML
<configuration><packageSources><add key="here" value="$packages" /></packageSources></configuration>
XML
project() { # FOLDER PACKAGE…
  mkdir "$1" && (
    cd "$1"
    {
      echo '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework>'
      echo '<Nullable>enable</Nullable><ImplicitUsings>enable</ImplicitUsings><TreatWarningsAsErrors>true</TreatWarningsAsErrors></PropertyGroup><ItemGroup>'
      for package in "${@:2}"; do echo "<PackageReference Include=\"$package\" Version=\"0.1.0\" />"; done
      echo '</ItemGroup></Project>'
    } > Consumer.csproj
    # The sample as the README shows it.
    awk '/^```csharp$/ { inside = 1; next } /^```$/ { if (inside) exit } inside' "$root/README.md" > Program.cs
    dotnet build -c Release -v q
  )
}

project full Augur Augur.Models.Emoji
(cd full && bin/Release/net10.0/Consumer && test -s apple.png)
test -s full/bin/Release/net10.0/Augur.xml # the words that settings are explained with
test ! -e full/bin/Release/net10.0/Augur.Vulkan.dll # nor its declarations of Vulkan: whoever wants graphics cards references it
test ! -e full/bin/Release/net10.0/Silk.NET.Vulkan.dll

project bare Augur
test ! -e bare/bin/Release/net10.0/models
said=$(cd bare && bin/Release/net10.0/Consumer 2>&1) && { echo "the program without the model's package ran" >&2; exit 1; }
grep -q "the package Augur.Models.Emoji brings it" <<< "$said"
echo "the packages can be consumed"
