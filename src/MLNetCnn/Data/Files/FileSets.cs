using System.Text;

namespace MLNetCnn.Data;

/// <summary>Opens the files of a source, whatever holds them.</summary>
internal static class FileSets
{
    // With its mark, which would have the reader take a lenient one instead.
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true);
    private static readonly string[] Endings = [".zip", ".tar", ".tar.gz", ".tgz"];

    /// <summary>What archives' names end with.</summary>
    public static string KnownEndings => string.Join(", ", Endings);

    public static bool IsArchive(string name) => Endings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    /// <summary>A source's files: those in its archive, those it lists, or those in its folder.</summary>
    /// <exception cref="DatasetException">They cannot be read.</exception>
    public static IFileSet Open(ResolvedSource source, CancellationToken cancellation)
    {
        if (source.Files.Count == 0)
        {
            return Open(source.Source.Folder!, cancellation);
        }

        return source.Files.Count == 1 && source.Files.First() is var (name, path) && IsArchive(name)
            ? Open(path, cancellation)
            : LooseFiles.Of(Path.GetDirectoryName(source.Files.Values.First())!, source.Files);
    }

    /// <summary>A folder, or an archive by what it begins with, whatever its ending says.</summary>
    /// <exception cref="DatasetException">It cannot be read.</exception>
    public static IFileSet Open(string path, CancellationToken cancellation)
    {
        try
        {
            return Directory.Exists(path) ? LooseFiles.Below(path) : OpenArchive(path, cancellation);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"{path} cannot be read: {error.Message}", error);
        }
    }

    /// <summary>The text of some files, which are small: UTF-8, or UTF-16 with its mark.</summary>
    /// <exception cref="DatasetException">One is missing, or no such text.</exception>
    public static IReadOnlyDictionary<string, string> ReadTexts(this IFileSet files, IEnumerable<string> names, CancellationToken cancellation)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        var wanted = names.ToHashSet(StringComparer.Ordinal);
        files.Read(
            wanted,
            (file, open) =>
            {
                try
                {
                    using var reader = new StreamReader(open(), StrictUtf8);
                    texts[file.Name] = reader.ReadToEnd();
                }
                catch (DecoderFallbackException)
                {
                    // Replaced characters would make one class of two, and of none its own name.
                    throw new DatasetException($"{files.PathOf(file.Name)} is no UTF-8 text: save it as UTF-8 (in Excel as \"CSV UTF-8\")");
                }
            },
            cancellation);
        return wanted.FirstOrDefault(name => !texts.ContainsKey(name)) is { } missing
            ? throw new DatasetException($"{files.Name} has no file {missing}")
            : texts;
    }

    private static IFileSet OpenArchive(string path, CancellationToken cancellation)
    {
        var magic = new byte[4];
        using (var file = File.OpenRead(path))
        {
            file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        }

        return magic is [0x50, 0x4B, ..] ? new ZipFiles(path) : new TarFiles(path, zipped: magic is [0x1F, 0x8B, ..], cancellation);
    }
}
