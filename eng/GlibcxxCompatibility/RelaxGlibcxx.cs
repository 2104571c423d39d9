// One file, because MSBuild compiles the task from it when a build first needs it: there is no assembly to ship or to build first.
// It is compiled against netstandard2.0, without implicit usings.
#nullable enable
using System;
using System.Collections.Generic;
using System.IO;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Build.Framework;

namespace QuantGen.Build;

/// <summary>Writes a copy of TorchSharp's native library that also loads where libstdc++ is older than GCC 13's.</summary>
public sealed class RelaxGlibcxx : Microsoft.Build.Utilities.Task
{
    /// <summary>The code of the warning for a library that is left alone.</summary>
    public const string UnknownLibrary = "QG9001";

    /// <summary>The library as its package has it. It is only read.</summary>
    [Required]
    public string Library { get; set; } = "";

    /// <summary>Where the relaxed copy goes. Nothing is written when the library is not a known one.</summary>
    [Required]
    public string RelaxedLibrary { get; set; } = "";

    /// <inheritdoc/>
    public override bool Execute()
    {
        try
        {
            var relaxed = GlibcxxRelaxer.Relax(File.ReadAllBytes(Library), out var refusal);
            if (relaxed is null)
            {
                Log.LogWarning(null, UnknownLibrary, null, Library, 0, 0, 0, 0, Advice, refusal);
                return true;
            }

            MoveIntoPlace(relaxed);
            Log.LogMessage(MessageImportance.Normal, "TorchSharp's native library is made to load on older libstdc++: {0}", RelaxedLibrary);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.LogError("TorchSharp's native library could not be copied from '{0}' to '{1}': {2}", Library, RelaxedLibrary, e.Message);
            return false;
        }
    }

    private const string Advice =
        "TorchSharp's native library is left as it is: {0} It will not load where libstdc++ is older than GCC 13's. Use TorchSharp "
        + GlibcxxRelaxer.TorchSharpVersion + ", or run on a newer system, or set QuantGenRelaxGlibcxx to false where it loads as it is.";

    private void MoveIntoPlace(byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(RelaxedLibrary))!);
        var temporary = RelaxedLibrary + "." + Guid.NewGuid().ToString("N");
        File.WriteAllBytes(temporary, content);
        File.Delete(RelaxedLibrary);
        File.Move(temporary, RelaxedLibrary);
    }
}

/// <summary>
/// Edits two ELF tables of TorchSharp's linux-x64 library, which asks for one symbol that only GCC 13's libstdc++ has:
/// <c>_ZSt21ios_base_library_initv@GLIBCXX_3.4.32</c>. The symbol is a hook that does nothing but make sure that iostreams are initialised;
/// older versions initialise them in every translation unit, and libtorch's own libraries have done so by then.
/// </summary>
public static class GlibcxxRelaxer
{
    /// <summary>The version of TorchSharp whose library is known.</summary>
    public const string TorchSharpVersion = "0.107.0";

    private const string KnownSha256 = "cf33b1b0bb6bbb9754a768fb5c5d04d9f498603be50e73f55621a0b40ee608b8";

    private const string Symbol = "_ZSt21ios_base_library_initv";
    private const string Version = "GLIBCXX_3.4.32";

    // libc's rand() takes no argument and may be called at any time. Its name is the end of another name in the string table (THSTensor_rand).
    private const string StandIn = "rand";

    private const uint DynamicSymbols = 11, SymbolVersions = 0x6FFFFFFF, NeededVersions = 0x6FFFFFFE;
    private const ushort WeakVersion = 2, AnyVersion = 1;

    /// <summary>Returns the edited copy, or null and why the library is not edited.</summary>
    public static byte[]? Relax(byte[] library, out string? refusal)
    {
#pragma warning disable CA1850, CA1872 // The shorter forms are not in netstandard2.0.
        using var sha256 = SHA256.Create();
        var hash = BitConverter.ToString(sha256.ComputeHash(library)).Replace("-", "").ToLowerInvariant();
#pragma warning restore CA1850, CA1872
        if (hash != KnownSha256)
        {
            refusal = "it is not the known binary of TorchSharp " + TorchSharpVersion + " for linux-x64 (SHA-256 " + hash + ").";
            return null;
        }

        refusal = null;
        var elf = (byte[])library.Clone();
        var names = Section(elf, Section(elf, DynamicSymbols).Link);
        var text = Encoding.ASCII.GetString(elf, names.Offset, names.Size);
        ReplaceSymbol(elf, text);
        MakeVersionOptional(elf, text);
        return elf;
    }

    private static void ReplaceSymbol(byte[] elf, string names)
    {
        const int entrySize = 24;
        var symbols = Section(elf, DynamicSymbols);
        var versions = Section(elf, SymbolVersions);
        for (var i = 0; i < symbols.Size / entrySize; i++)
        {
            var entry = symbols.Offset + (i * entrySize);
            if (NameAt(names, ReadInt32(elf, entry)) == Symbol)
            {
                BitConverter.GetBytes(names.IndexOf(StandIn + "\0", StringComparison.Ordinal)).CopyTo(elf, entry);
                BitConverter.GetBytes(AnyVersion).CopyTo(elf, versions.Offset + (i * sizeof(ushort)));
            }
        }
    }

    private static void MakeVersionOptional(byte[] elf, string names)
    {
        const int flags = 4, name = 8;
        foreach (var entry in NeededVersionEntries(elf))
        {
            if (NameAt(names, ReadInt32(elf, entry + name)) == Version)
            {
                BitConverter.GetBytes((ushort)(BitConverter.ToUInt16(elf, entry + flags) | WeakVersion)).CopyTo(elf, entry + flags);
            }
        }
    }

    /// <summary>The offsets of the versions (Elf64_Vernaux) that each needed library (Elf64_Verneed) has to have.</summary>
    private static IEnumerable<int> NeededVersionEntries(byte[] elf)
    {
        for (int library = Section(elf, NeededVersions).Offset, next = -1; next != 0; library += next)
        {
            var entry = library + ReadInt32(elf, library + 8);
            for (int remaining = BitConverter.ToUInt16(elf, library + 2); remaining > 0; remaining--)
            {
                yield return entry;
                entry += ReadInt32(elf, entry + 12);
            }

            next = ReadInt32(elf, library + 12);
        }
    }

    private static (int Offset, int Size, int Link) Section(byte[] elf, uint type)
    {
        for (var i = 0; ; i++)
        {
            if ((uint)ReadInt32(elf, SectionHeader(elf, i) + 4) == type)
            {
                return Section(elf, i);
            }
        }
    }

    private static (int Offset, int Size, int Link) Section(byte[] elf, int index)
    {
        var header = SectionHeader(elf, index);
        return ((int)BitConverter.ToInt64(elf, header + 0x18), (int)BitConverter.ToInt64(elf, header + 0x20), ReadInt32(elf, header + 0x28));
    }

    private static int SectionHeader(byte[] elf, int index) => (int)BitConverter.ToInt64(elf, 0x28) + (index * BitConverter.ToUInt16(elf, 0x3A));

    private static string NameAt(string names, int offset) => names.Substring(offset, names.IndexOf('\0', offset) - offset);

    private static int ReadInt32(byte[] elf, int offset) => BitConverter.ToInt32(elf, offset);
}
