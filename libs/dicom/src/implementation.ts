/** Implementation Class UID (PS3.7 section D.3.3.2) of what this library writes. */
export const IMPLEMENTATION_CLASS_UID = '2.25.81706541297450387615226901338945240117';
