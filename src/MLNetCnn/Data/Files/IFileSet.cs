namespace MLNetCnn.Data;

/// <summary>
/// A set of named files, wherever they lie: in a folder, a tar or a zip. Nothing is unpacked to disk; an archive is read as a
/// stream, so that memory does not grow with it.
/// </summary>
public interface IFileSet
{
    /// <summary>The folder or archive, for messages.</summary>
    string Name { get; }

    /// <summary>The files by their names, ordinal order: relative paths with <c>/</c>, none of them twice. Hidden ones are passed over.</summary>
    IReadOnlyList<FileEntry> Files { get; }

    /// <summary>The folders that are named as such, likewise; empty ones show only here.</summary>
    IReadOnlyList<string> Folders { get; }

    /// <summary>What is in the set but cannot be used: links, names that leave it, names that are no text.</summary>
    LeftOut LeftOut { get; }

    /// <summary>What messages call a file: its path on disk, or archive and name.</summary>
    /// <param name="name">One of <see cref="Files"/>.</param>
    string PathOf(string name);

    /// <summary>Reads some files, each once, in the order in which they are stored.</summary>
    /// <param name="names">Names of <see cref="Files"/>.</param>
    /// <param name="take">
    /// Takes a file and what opens it; the stream is valid until <paramref name="take"/> returns. Opening and reading may throw
    /// <see cref="IOException"/>, <see cref="InvalidDataException"/> or <see cref="UnauthorizedAccessException"/> where this
    /// one file is unreadable.
    /// </param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="DatasetException">The archive is damaged, or a bomb.</exception>
    void Read(IReadOnlySet<string> names, Action<FileEntry, Func<Stream>> take, CancellationToken cancellation = default);
}

/// <summary>A file of a set.</summary>
/// <param name="Name">Its path below the set, with <c>/</c>.</param>
/// <param name="Size">Its length in bytes, as the set declares it.</param>
public sealed record FileEntry(string Name, long Size);
