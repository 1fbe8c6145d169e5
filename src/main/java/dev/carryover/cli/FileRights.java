package dev.carryover.cli;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whose a file is and who may read it, so that the container can read what takes its place. Says
 * nothing where the file system knows no such thing.
 */
final class FileRights {

  private final @Nullable PosixFileAttributes attributes;
  private final Set<PosixFilePermission> permissions;

  private FileRights(
      @Nullable PosixFileAttributes attributes, Set<PosixFilePermission> permissions) {
    this.attributes = attributes;
    this.permissions = permissions;
  }

  static FileRights of(Path file) throws IOException {
    PosixFileAttributeView view = view(file);
    PosixFileAttributes attributes = view == null ? null : view.readAttributes();
    return new FileRights(attributes, attributes == null ? Set.of() : attributes.permissions());
  }

  /** Those of a file in a directory that has these. */
  FileRights ofFile() {
    Set<PosixFilePermission> fewer = EnumSet.noneOf(PosixFilePermission.class);
    permissions.stream()
        .filter(permission -> !permission.name().endsWith("EXECUTE"))
        .forEach(fewer::add);
    return new FileRights(attributes, fewer);
  }

  /**
   * Gives them to a file.
   *
   * @throws UserError if this user can't, and the owner of these could not read the file
   */
  void require(Path file) throws IOException {
    if (attributes != null && !give(file)) {
      throw new UserError(
          file
              + " would have to belong to "
              + attributes.owner()
              + ':'
              + attributes.group()
              + ", to whom this user can't give it: run this as "
              + attributes.owner()
              + " or as root");
    }
  }

  /**
   * Gives them to a file, as far as this user may.
   *
   * @return whether the owner of these can read it
   */
  boolean give(Path file) throws IOException {
    PosixFileAttributeView view = view(file);
    if (view == null || attributes == null) {
      return true;
    }
    boolean grouped = giveGroup(view, attributes.group());
    boolean owned = giveOwner(view, attributes.owner());
    view.setPermissions(permissions);
    return owned
        || (grouped && permissions.contains(PosixFilePermission.GROUP_READ))
        || permissions.contains(PosixFilePermission.OTHERS_READ);
  }

  private static boolean giveGroup(PosixFileAttributeView view, GroupPrincipal group)
      throws IOException {
    if (!view.readAttributes().group().equals(group)) {
      try {
        view.setGroup(group);
      } catch (FileSystemException e) {
        return false;
      }
    }
    return true;
  }

  private static boolean giveOwner(PosixFileAttributeView view, UserPrincipal owner)
      throws IOException {
    if (!view.readAttributes().owner().equals(owner)) {
      try {
        view.setOwner(owner);
      } catch (FileSystemException e) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable PosixFileAttributeView view(Path file) {
    return Files.getFileAttributeView(file, PosixFileAttributeView.class);
  }
}
