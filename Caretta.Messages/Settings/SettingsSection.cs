using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;

namespace Caretta.Messages.Settings;

/// <summary>Binds a section of the configuration and refuses what is not understood: a misspelt setting never becomes a default.</summary>
public static class SettingsSection
{
    /// <exception cref="SettingException">A setting is unknown, cannot be read, or is out of range; the message names it.</exception>
    public static T Read<T>(IConfiguration configuration, string section)
        where T : class, new()
    {
        var options = ReadUnchecked<T>(configuration, section);
        var faults = new List<ValidationResult>();
        return Validator.TryValidateObject(options, new ValidationContext(options), faults, validateAllProperties: true)
            ? options
            : throw new SettingException($"Setting {section}:{faults[0].MemberNames.First()} is wrong: {faults[0].ErrorMessage}");
    }

    /// <summary>For who needs only some of the settings, and checks these.</summary>
    /// <exception cref="SettingException">A setting is unknown or cannot be read; the message names it.</exception>
    public static T ReadUnchecked<T>(IConfiguration configuration, string section)
        where T : class, new()
    {
        var known = typeof(T).GetProperties().Select(property => property.Name).ToList();
        foreach (var setting in configuration.GetSection(section).GetChildren())
        {
            if (!known.Contains(setting.Key, StringComparer.OrdinalIgnoreCase))
            {
                throw new SettingException($"Unknown setting {section}:{setting.Key}. The settings are {string.Join(", ", known)}.");
            }
        }

        return Bind<T>(configuration.GetSection(section));
    }

    private static T Bind<T>(IConfigurationSection section)
        where T : class, new()
    {
        try
        {
            return section.Get<T>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new T();
        }
        catch (InvalidOperationException unreadable)
        {
            throw new SettingException($"A setting cannot be read: {unreadable.Message}");
        }
    }
}
