using System.Text.RegularExpressions;

namespace MLNetCnn.Data;

/// <summary>Where files come from.</summary>
public enum SourceKind
{
    /// <summary>Files that a Debian package installs.</summary>
    DebianPackage,

    /// <summary>Files of a package in a <c>node_modules</c> folder.</summary>
    NpmPackage,

    /// <summary>Files of a NuGet package, in the folder that all projects of the user share.</summary>
    NuGetPackage,

    /// <summary>A folder on this machine.</summary>
    Folder,

    /// <summary>A web server.</summary>
    Url,

    /// <summary>Nowhere in public: only a mirror folder or the cache can hold it.</summary>
    Mirror,
}

/// <summary>One of the alternatives that a dataset, or a set of weights, can be had from. Mirror folders and the cache stand in for each.</summary>
public sealed partial record DataSource
{
    /// <summary>Where the files come from.</summary>
    public required SourceKind Kind { get; init; }

    /// <summary>The package's name, for the package kinds.</summary>
    public string? Package { get; init; }

    /// <summary>The version, of npm and NuGet packages.</summary>
    public string? Version { get; init; }

    /// <summary>The absolute folder the files lie in (Debian packages and folders), or an archive that is taken as it is.</summary>
    public string? Folder { get; init; }

    /// <summary>The address that the files' paths are appended to.</summary>
    public Uri? Address { get; init; }

    /// <summary>The files, each with size and checksum. Empty only for a folder, which is then taken as it is. A single archive stands for the files in it.</summary>
    public required IReadOnlyList<DataFile> Files { get; init; }

    /// <summary>The classes this alternative holds, in label order, where it is a part of the whole; null for all.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>The images per split this alternative holds, where it is a part of the whole; null for the manifest's.</summary>
    public IReadOnlyDictionary<DatasetSplit, int>? Splits { get; init; }

    /// <summary>How this alternative's files are read, where it differs from the manifest's format; null for that.</summary>
    public IImageReader? Format { get; init; }

    /// <summary>An alternative of a dataset.</summary>
    internal static DataSource Parse(StrictJson json, string baseFolder) => ParsePlace(json, baseFolder, DataFile.Parse) with
    {
        Classes = json.Texts("classes"),
        Splits = SplitCounts.Parse(json),
        Format = json.Object("format", ImageReaders.Parse),
    };

    /// <summary>Where an alternative lies, and its files.</summary>
    internal static DataSource ParsePlace(StrictJson json, string baseFolder, Func<StrictJson, DataFile> parseFile)
    {
        var kind = json.Choice("kind", "debianPackage", "npmPackage", "nugetPackage", "folder", "url", "mirror") switch
        {
            "npmPackage" => SourceKind.NpmPackage,
            "nugetPackage" => SourceKind.NuGetPackage,
            "folder" => SourceKind.Folder,
            "url" => SourceKind.Url,
            "mirror" => SourceKind.Mirror,
            _ => SourceKind.DebianPackage,
        };
        if (kind == SourceKind.NuGetPackage)
        {
            CheckNuGet(json, "package");
            CheckNuGet(json, "version");
        }

        var packaged = kind is SourceKind.DebianPackage or SourceKind.NpmPackage or SourceKind.NuGetPackage;
        return new DataSource
        {
            Kind = kind,
            Package = packaged ? json.Text("package") : null,
            Version = kind is SourceKind.NpmPackage or SourceKind.NuGetPackage ? json.Text("version") : null,
            Folder = kind is SourceKind.DebianPackage or SourceKind.Folder ? Path.GetFullPath(json.Text("folder"), baseFolder) : null,
            Address = kind == SourceKind.Url ? ParseAddress(json) : null,
            Files = json.Objects("files", parseFile, required: kind != SourceKind.Folder),
        };
    }

    // It goes into a project file.
    private static void CheckNuGet(StrictJson json, string field)
    {
        if (json.OptionalText(field) is { } text && !NuGetName().IsMatch(text))
        {
            json.Problem(field, $"'{text}' is no NuGet package's: letters, digits, '.', '-' and '_'");
        }
    }

    [GeneratedRegex("^[A-Za-z0-9._-]*$")]
    private static partial Regex NuGetName();

    private static Uri? ParseAddress(StrictJson json)
    {
        var text = json.Text("url");
        if (Uri.TryCreate(text.EndsWith('/') ? text : text + "/", UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
        {
            return address;
        }

        if (text.Length > 0)
        {
            json.Problem("url", $"'{text}' is no http or https address");
        }

        return null;
    }
}

/// <summary>A file of a source.</summary>
/// <param name="Name">What the format, and a mirror, call the file.</param>
/// <param name="Path">Where it lies below the source's folder, package or address; the name by default.</param>
/// <param name="Size">Its length in bytes; null where only the beginning of its checksum is known.</param>
/// <param name="Sha256">
/// Its SHA-256, as 64 lower-case hexadecimal digits; of weights, whose makers publish no more, possibly only the first 8 or more
/// digits, or none: enough against damage, not against malice.
/// </param>
public sealed record DataFile(string Name, string Path, long? Size, string Sha256)
{
    private const int Md5Digits = 32;

    /// <summary>Its MD5 in lower-case hexadecimal, where the makers of weights publish no SHA-256: enough against damage, not against malice. Null elsewhere.</summary>
    public string? Md5 { get; init; }

    /// <summary>What is declared of its content: the checksum that there is, possibly in part.</summary>
    internal string Sum => Md5 ?? Sha256;

    /// <summary>A file of a dataset: with its size and its whole checksum.</summary>
    internal static DataFile Parse(StrictJson json)
    {
        var (name, path) = ParseNames(json);
        return new DataFile(name, path, json.Integer("size", 1, long.MaxValue), ParseChecksum(json));
    }

    /// <summary>A file of weights: <c>sha256Prefix</c> or <c>md5</c> may stand for <c>sha256</c>, and <c>size</c> be left out with them.</summary>
    internal static DataFile ParseWeights(StrictJson json)
    {
        const int LeastDigits = 8;
        if (json.OptionalText("md5") is { } md5)
        {
            if (md5.Length != Md5Digits || !md5.All(char.IsAsciiHexDigitLower))
            {
                json.Problem("md5", $"'{md5}' is no MD5 ({Md5Digits} lower-case hexadecimal digits)");
            }

            return Unsized("") with { Md5 = md5 };
        }

        if (json.OptionalText("sha256Prefix") is not { } prefix)
        {
            return Parse(json);
        }

        if (prefix.Length is < LeastDigits or >= Checksum.Digits || !prefix.All(char.IsAsciiHexDigitLower))
        {
            json.Problem("sha256Prefix", $"'{prefix}' is no beginning of a SHA-256 ({LeastDigits} to {Checksum.Digits - 1} lower-case hexadecimal digits)");
        }

        return Unsized(prefix);

        DataFile Unsized(string sha256)
        {
            var (name, path) = ParseNames(json);
            return new DataFile(name, path, json.OptionalInteger("size", 1, int.MaxValue), sha256);
        }
    }

    private static (string Name, string Path) ParseNames(StrictJson json)
    {
        var name = json.Text("name");
        var path = json.OptionalText("path") ?? name;
        foreach (var (field, value) in new[] { ("name", name), ("path", path) })
        {
            if (System.IO.Path.IsPathRooted(value) || value.Split('/', '\\').Contains(".."))
            {
                json.Problem(field, $"'{value}' leaves the source: only relative paths without '..' are allowed");
            }
        }

        return (name, path);
    }

    private static string ParseChecksum(StrictJson json)
    {
        var sha256 = json.Text("sha256");
        if (sha256.Length > 0 && !Checksum.IsWellFormed(sha256))
        {
            json.Problem("sha256", $"'{sha256}' is no SHA-256 (64 lower-case hexadecimal digits)");
        }

        return sha256;
    }
}
